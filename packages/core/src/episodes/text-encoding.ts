import type { RecordProblem } from './record-problem.ts'

/**
 * Tells files that cannot be JSON in UTF-8 from their first bytes, with a reason a person understands.
 *
 * @param head the first bytes of the file; four are enough, none is fine (null)
 * @returns null when nothing speaks against UTF-8 text; single wrong bytes are found later, record by record
 */
export function refusedEncoding(head: Uint8Array): RecordProblem | null {
  const [a, b, c, d] = head
  if (a === undefined || b === undefined) return null
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return wrong('UTF-16 text')
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return wrong('UTF-32 text')
  // JSON starts with an ASCII character, so a zero byte beside it gives UTF-16 and UTF-32 away without a mark.
  if ((a === 0) !== (b === 0) && (c === undefined || d === undefined || (a === 0) === (c === 0)))
    return wrong('UTF-16 text')
  if (a === 0x50 && b === 0x4b && (c === 3 || c === 5)) return wrong('a ZIP archive', 'Unpack it first.')
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd)
    return wrong('Zstandard', 'Unpack it with `zstd -d`.')
  if (a === 0x1f && b === 0x8b) return wrong('gzip inside gzip', 'Unpack it once with `gunzip`.')
  if (a === 0x42 && b === 0x5a && c === 0x68) return wrong('bzip2', 'Unpack it with `bunzip2`.')
  if (a === 0xfd && b === 0x37 && c === 0x7a) return wrong('an xz archive', 'Unpack it with `unxz`.')
  if (a === 0 && b === 0) return wrong('binary data or UTF-32 text')
  return null
}

function wrong(
  found: string,
  fix = 'Save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`.',
): RecordProblem {
  return {
    field: null,
    reason: `The file is ${found}.`,
    expected: 'JSON or JSONL in UTF-8, plain or gzip.',
    fix,
  }
}
