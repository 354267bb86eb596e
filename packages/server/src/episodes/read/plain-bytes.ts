import { once } from 'node:events'
import { createGunzip } from 'node:zlib'
import type { RecordProblem } from '@leeway/core/episodes/record-problem'

export const UNPACK_LIMITS = {
  /** Unpacked bytes for each packed one; recorded runs are 5 to 50. Over it a file is taken for a bomb. */
  unpackRatioMax: 200,
  /** Unpacked bytes up to which any ratio is fine. */
  unpackFreeBytes: 64 * 1024 * 1024,
} as const

type PlainBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly problem: RecordProblem }

/**
 * The bytes of a source, unpacked when it begins with gzip's two magic bytes. What cannot be read on is the last
 * item, a problem; everything before it was good. Never throws for what the source holds or does.
 */
export async function* plainBytes(
  source: AsyncIterable<Uint8Array>,
  limits: { readonly unpackRatioMax: number; readonly unpackFreeBytes: number },
  onProgress: (bytesRead: number) => void = () => undefined,
): AsyncGenerator<PlainBytes, void, undefined> {
  const counted = countedPieces(source, onProgress)
  try {
    // Two bytes decide, and a source may give them one by one.
    let head: Uint8Array = new Uint8Array(0)
    while (head.length < 2) {
      const next = await counted.next()
      if (next.done === true) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
    if (head[0] === 0x1f && head[1] === 0x8b) yield* unpacked(head, counted, limits)
    else {
      if (head.length > 0) yield { kind: 'bytes', bytes: head }
      for await (const bytes of counted) yield { kind: 'bytes', bytes }
    }
  } catch (error) {
    yield { kind: 'problem', problem: readProblem(error) }
  } finally {
    await counted.return(undefined)
  }
}

async function* countedPieces(
  source: AsyncIterable<Uint8Array>,
  onProgress: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytesRead = 0
  for await (const piece of source) {
    bytesRead += piece.length
    onProgress(bytesRead)
    if (piece.length > 0) yield piece
  }
}

async function* unpacked(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
  limits: { readonly unpackRatioMax: number; readonly unpackFreeBytes: number },
): AsyncGenerator<PlainBytes, void, undefined> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  let packedBytes = 0
  let stopped = false
  const feed = async () => {
    const write = async (piece: Uint8Array) => {
      packedBytes += piece.length
      if (!gunzip.write(piece)) await once(gunzip, 'drain')
    }
    await write(head)
    for await (const piece of rest) {
      if (stopped) return
      await write(piece)
    }
    gunzip.end()
  }
  // A failing source or a broken stream ends the reading side too; the reason is thrown there.
  const fed = feed().catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  let unpackedBytes = 0
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) {
      unpackedBytes += bytes.length
      if (unpackedBytes > limits.unpackFreeBytes && unpackedBytes > packedBytes * limits.unpackRatioMax) {
        yield { kind: 'problem', problem: bombProblem(unpackedBytes, packedBytes) }
        return
      }
      yield { kind: 'bytes', bytes }
    }
  } finally {
    stopped = true
    gunzip.destroy()
    await fed
  }
}

function bombProblem(unpackedBytes: number, packedBytes: number): RecordProblem {
  return {
    field: null,
    reason: `The gzip file unpacks to more than ${Math.floor(unpackedBytes / packedBytes)} times its size (a compression bomb).`,
    expected: `At most ${UNPACK_LIMITS.unpackRatioMax} bytes unpacked for each packed byte.`,
    fix: 'Unpack the file yourself with `gunzip`, look at it, and import the plain file.',
  }
}

function readProblem(error: unknown): RecordProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') {
    return {
      field: null,
      reason: 'The gzip file is cut off: its end is missing.',
      expected: 'A complete gzip file.',
      fix: 'Copy or export the file again; what was read before the cut is good.',
    }
  }
  if (code.startsWith('Z_')) {
    return {
      field: null,
      reason: `The gzip file is damaged (${error instanceof Error ? error.message : code}).`,
      expected: 'A valid gzip file.',
      fix: 'Copy or export the file again; what was read before the damage is good.',
    }
  }
  return {
    field: null,
    reason: `The file cannot be read on: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown error'}.`,
    expected: 'A file that can be read to its end.',
    fix: 'Check that the file exists, is a file, and may be read.',
  }
}
