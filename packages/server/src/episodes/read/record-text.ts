import { isUtf8 } from 'node:buffer'
import type { RecordProblem } from '@leeway/core/episodes/record-problem'

/** The bytes of one record as text, or which byte is wrong. */
export function recordText(bytes: Uint8Array): string | RecordProblem {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return {
    field: null,
    reason: `The record is not UTF-8: a wrong byte at its byte ${wrongByteAt(bytes) + 1}.`,
    expected: 'Text in UTF-8.',
    fix: 'Save the file as UTF-8, for example with `iconv -f LATIN1 -t UTF-8`.',
  }
}

/** Offset of the first byte that begins no valid UTF-8: the longest valid start, found by halving. */
function wrongByteAt(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    // Not inside a character: step back over continuation bytes.
    let cut = middle
    while (cut > good && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--
    if (cut === good) return good
    if (isUtf8(bytes.subarray(0, cut))) good = cut
    else bad = cut
  }
  return good
}
