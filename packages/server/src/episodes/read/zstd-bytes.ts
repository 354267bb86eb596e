import { Decompress } from 'fzstd'

/** Memory one frame may ask for; Inspect's own writer stays below 8 MiB. */
const WINDOW_BYTES_MAX = 128 * 1024 * 1024
const FRAME_MAGIC = 0xfd2fb528
const PIECE_BYTES = 64 * 1024

/**
 * Unpacks Zstandard data of any number of frames. Throws for damaged data, and as soon as more than `bytesMax`
 * come out.
 *
 * Frames are walked before they are unpacked: the decoder takes the memory a header asks for on trust, and it
 * would stop silently at data cut off between two blocks.
 */
export async function zstdBytes(packed: Uint8Array, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for (const frame of frames(packed)) {
    const decoder = new Decompress((piece) => {
      bytes += piece.length
      if (bytes > bytesMax) throw new Error(`it unpacks to more than ${bytesMax} bytes`)
      if (piece.length > 0) pieces.push(piece.slice())
    })
    for (let at = 0; at < frame.length; at += PIECE_BYTES) {
      const end = at + PIECE_BYTES
      decoder.push(frame.subarray(at, end), end >= frame.length)
      // Others are served while a long entry is unpacked.
      await new Promise((next) => setImmediate(next))
    }
  }
  return Buffer.concat(pieces, bytes)
}

function* frames(packed: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  let at = 0
  while (at < packed.length) {
    const magic = view.getUint32(at, true)
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + view.getUint32(at + 4, true)
      if (at > packed.length) throw new Error('a frame is cut off')
      continue
    }
    if (magic !== FRAME_MAGIC) throw new Error('a frame does not begin as Zstandard frames do')
    const end = frameEnd(view, at)
    yield packed.subarray(at, end)
    at = end
  }
}

/** Offset behind a frame. Reading past the end throws a RangeError: the frame is cut off. */
function frameEnd(view: DataView, start: number): number {
  const descriptor = view.getUint8(start + 4)
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  if ((descriptor & 3) !== 0) throw new Error('it needs a dictionary')
  let at = start + 5
  let window = 0
  if (!isSingle) {
    const byte = view.getUint8(at++)
    const base = 2 ** (10 + (byte >> 3))
    window = base + (base / 8) * (byte & 7)
  } else if (sizeBytes === 8) window = Number(view.getBigUint64(at, true))
  else if (sizeBytes === 4) window = view.getUint32(at, true)
  if (window > WINDOW_BYTES_MAX) throw new Error(`it asks for ${window} bytes of memory`)
  at += sizeBytes
  for (let last = false; !last; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    const type = (header >> 1) & 3
    if (type === 3) throw new Error('a block is of no known type')
    last = (header & 1) === 1
    at += 3 + (type === 1 ? 1 : header >> 3)
  }
  at += (descriptor & 4) === 0 ? 0 : 4
  if (at > view.byteLength) throw new Error('a frame is cut off')
  return at
}
