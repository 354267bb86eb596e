/// <reference path="./yauzl.d.ts" />
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { zstdBytes } from './zstd-bytes.ts'

/** What a ZIP file may hold. Names are only compared, never used as a path. */
export const ZIP_LIMITS = {
  entriesMax: 100_000,
  /** All entries together, unpacked. */
  unpackedBytesMax: 8 * 1024 * 1024 * 1024,
} as const

export type ZipLimits = {
  readonly entriesMax: number
  readonly unpackedBytesMax: number
  readonly entryBytesMax: number
  readonly unpackRatioMax: number
  readonly unpackFreeBytes: number
}

export type ZipEntry = {
  readonly name: string
  readonly packedBytes: number
  readonly bytes: number
  /** Unpacks and checks length and CRC-32. Throws an Error in plain words. */
  readonly read: () => Promise<Buffer>
}

/**
 * The entries of a ZIP file in memory, in the order of its directory. Throws an Error in plain words when the file
 * is damaged, cut off, encrypted, or made to harm: names that leave the folder, two entries of one name or over the
 * same bytes, too many entries, or sizes over the limits.
 */
export async function zipEntries(file: Buffer, limits: ZipLimits): Promise<readonly ZipEntry[]> {
  const zip = await opened(file)
  if (zip.entryCount > limits.entriesMax)
    throw new Error(`it has ${zip.entryCount} entries, more than ${limits.entriesMax}`)
  const entries = await listed(zip, limits.entriesMax)
  const names = new Set(entries.map(({ fileName }) => fileName))
  if (names.size < entries.length) throw new Error('two of its entries have the same name')
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (unpacked > limits.unpackedBytesMax)
    throw new Error(`it unpacks to ${unpacked} bytes, more than ${limits.unpackedBytesMax}`)
  if (unpacked > limits.unpackFreeBytes && unpacked > file.length * limits.unpackRatioMax)
    throw new Error(`it unpacks to more than ${limits.unpackRatioMax} times its size (a compression bomb)`)
  let end = 0
  for (const entry of entries.toSorted(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  )) {
    if (entry.relativeOffsetOfLocalHeader < end) throw new Error('two of its entries lie over the same bytes')
    end = entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize
  }
  return entries.map((entry) => ({
    name: entry.fileName,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    read: () => readEntry(file, zip, entry, limits.entryBytesMax),
  }))
}

function opened(file: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(file, { lazyEntries: true, strictFileNames: true }, (error, zip) => {
      if (error !== null || zip === undefined) reject(error ?? new Error('it cannot be opened'))
      else resolve(zip)
    })
  })
}

function listed(zip: ZipFile, entriesMax: number): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    zip.on('error', reject)
    zip.on('end', () => resolve(entries))
    zip.on('entry', (entry) => {
      entries.push(entry)
      if (entries.length > entriesMax) reject(new Error(`it has more than ${entriesMax} entries`))
      else zip.readEntry()
    })
    zip.readEntry()
  })
}

async function readEntry(file: Buffer, zip: ZipFile, entry: Entry, bytesMax: number): Promise<Buffer> {
  if (entry.isEncrypted()) throw new Error('it is encrypted')
  if (entry.uncompressedSize > bytesMax)
    throw new Error(`it unpacks to ${entry.uncompressedSize} bytes, more than ${bytesMax}`)
  const start = await dataStart(zip, entry)
  const packed = file.subarray(start, start + entry.compressedSize)
  if (packed.length < entry.compressedSize) throw new Error('it is cut off')
  // One byte more than it says is enough to know that it lies.
  const bytes = await unpacked(packed, entry.compressionMethod, entry.uncompressedSize + 1)
  if (bytes.length !== entry.uncompressedSize)
    throw new Error(`it says it has ${entry.uncompressedSize} bytes, but has ${bytes.length}`)
  if (crc32(bytes) !== entry.crc32) throw new Error('its checksum (CRC-32) is wrong')
  return bytes
}

function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (error !== null || header === undefined) reject(error ?? new Error('it has no header'))
      else resolve(header.fileDataStart)
    })
  })
}

const inflated = promisify(inflateRaw) as (
  packed: Uint8Array,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer>

function unpacked(packed: Buffer, method: number, bytesMax: number): Promise<Buffer> | Buffer {
  if (method === 0) return packed
  if (method === 8) return inflated(packed, { maxOutputLength: bytesMax })
  if (method === 93) return zstdBytes(packed, bytesMax)
  throw new Error(`it is packed by method ${method}; stored, deflate (8) and Zstandard (93) are read`)
}
