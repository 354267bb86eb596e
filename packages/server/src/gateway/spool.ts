/**
 * Records on this machine's disk, before anybody is told that they are there: appended together, one fdatasync for all that
 * came while the last one ran, and shipped to the database when it can be reached.
 *
 * A record is a line: CRC-32 (hex), a space, a text without line ends. It is written over zeros where there is room ahead (room-ahead.ts), so a segment ends at its
 * last byte that is none. A crash leaves at most a broken end of the newest segment, of which nothing was acknowledged; a start
 * goes on in a new segment. A broken line before a whole one is damage, and is said; so is, after a loss of power, a line of a
 * group that nobody was told of yet, of which the disk took the end before the beginning.
 * Bounded: when `bytesMax` wait to be shipped, `append` refuses. After a failed fdatasync nothing is promised any more: what the
 * kernel dropped cannot be known.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { gatherGroup } from './gather-group.ts'
import { roomAhead } from './room-ahead.ts'
import { type SyncFile, syncFile } from './sync-file.ts'

export class SpoolRefusal extends Error {
  override readonly name = 'SpoolRefusal'
}

export type Spool = {
  /** Resolves when the record is on disk. Rejects with SpoolRefusal when it is full, broken or closed. */
  readonly append: (record: string) => Promise<void>
  /** The oldest records that were not shipped, about `bytesMax` and at most `recordsMax` of them. Give them back to `shipped`. */
  readonly unshipped: (bytesMax: number, recordsMax?: number) => SpooledBatch | null
  readonly shipped: (batch: SpooledBatch) => void
  readonly waiting: () => { readonly bytes: number; readonly damagedLines: number }
  /** Waits for what is being written. What was not shipped stays for the next start. */
  readonly close: () => Promise<void>
}

export type SpooledBatch = {
  readonly records: readonly string[]
  readonly segment: number
  readonly end: number
}

export type SpoolOptions = {
  readonly directory: string
  /** Most bytes that wait to be shipped. */
  readonly bytesMax: number
  readonly segmentBytes?: number
  /** False: acknowledged when the kernel has it. What it has not written is lost with the machine's power. */
  readonly durable?: boolean
  /** How many may be appended soon, those included that wait; a group waits a little for them. Left out: nobody knows. */
  readonly underWay?: () => number
}

const SEGMENT_BYTES = 16 << 20
/** Longer ones make the statement that takes them slower. */
const RECORDS_MAX = 1_000
const SEGMENT_NAME = /^(\d{10})\.spool$/

type Segment = {
  readonly number: number
  readonly path: string
  /** Bytes that are on disk for sure. */
  durable: number
  /** Bytes that are in the database. */
  shipped: number
  /** Of an earlier run, or full: nothing is added. */
  closed: boolean
}
type OpenSegment = { readonly segment: Segment; readonly file: number; readonly hasRoom: boolean }
type Pending = {
  readonly line: Buffer
  readonly done: () => void
  readonly fail: (error: Error) => void
}

export function openSpool({
  directory,
  bytesMax,
  segmentBytes = SEGMENT_BYTES,
  durable = true,
  underWay = () => Number.POSITIVE_INFINITY,
}: SpoolOptions): Spool {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const segments: Segment[] = readdirSync(directory)
    .flatMap((name) => SEGMENT_NAME.exec(name)?.[1] ?? [])
    .sort()
    .map((number) => {
      const path = join(directory, `${number}.spool`)
      return { number: Number(number), path, durable: writtenEnd(path), shipped: 0, closed: true }
    })
  let next = (segments.at(-1)?.number ?? 0) + 1
  let open: OpenSegment | null = null
  const ahead = roomAhead(directory, segmentBytes)
  const sync = syncFile()
  let pending: Pending[] = []
  let pendingBytes = 0
  let writing: Promise<void> | null = null
  let broken: Error | null = null
  let closed = false
  let damagedLines = 0

  let lastGroup = 0
  const gathering = gatherGroup(() => pending.length, underWay)

  const waitingBytes = () =>
    segments.reduce((sum, { durable, shipped }) => sum + durable - shipped, 0) + pendingBytes

  const openNext = (): OpenSegment => {
    const number = next++
    const path = join(directory, `${String(number).padStart(10, '0')}.spool`)
    const taken = ahead.take(path)
    const file = taken ?? openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
    // A file that its folder does not know after a crash is lost with all that was synced into it.
    syncDirectory(directory)
    const segment: Segment = { number, path, durable: 0, shipped: 0, closed: false }
    segments.push(segment)
    // Whoever does not wait for the disk gains nothing by it.
    if (durable) ahead.make()
    return { segment, file, hasRoom: taken !== null }
  }
  const closeOpen = ({ file, segment }: OpenSegment): null => {
    closeSync(file)
    segment.closed = true
    return null
  }

  const writeGroup = async (): Promise<void> => {
    while (pending.length > 0) {
      const group = pending
      pending = []
      lastGroup = group.length
      const bytes = Buffer.concat(group.map(({ line }) => line))
      try {
        // One that grows gives way as soon as there is one with room.
        if (open !== null && !open.hasRoom && ahead.isReady()) open = closeOpen(open)
        open ??= openNext()
        await writeThrough(open, bytes, durable ? sync : null)
        for (const { done } of group) done()
      } catch (error) {
        if (error instanceof LostWrite) broken = error
        for (const { fail } of group) fail(refusal(error as Error))
      } finally {
        pendingBytes -= bytes.length
      }
      if (open !== null && open.segment.durable >= segmentBytes) open = closeOpen(open)
    }
    writing = null
  }

  return {
    append(record) {
      if (closed) return Promise.reject(new SpoolRefusal('The spool is closed.'))
      if (broken !== null) return Promise.reject(refusal(broken))
      const line = lineOf(record)
      if (waitingBytes() + line.length > bytesMax)
        return Promise.reject(new SpoolRefusal(`The spool is full: ${bytesMax} bytes wait for the database.`))
      pendingBytes += line.length
      return new Promise((done, fail) => {
        pending.push({ line, done, fail })
        if (writing === null) writing = gathering.wait(durable ? lastGroup : 0).then(writeGroup)
        else gathering.came()
      })
    },
    unshipped(batchBytes, recordsMax = RECORDS_MAX) {
      for (const segment of [...segments]) {
        if (segment.shipped < segment.durable) {
          const read = readRecords(segment, batchBytes, recordsMax)
          damagedLines += read.damaged
          if (read.records.length > 0)
            return { records: read.records, segment: segment.number, end: read.end }
          segment.shipped = read.end
        }
        if (segment.closed && segment.shipped >= segment.durable) drop(segments, segment)
      }
      return null
    },
    shipped({ segment: number, end }) {
      const segment = segments.find((one) => one.number === number)
      if (segment === undefined) return
      segment.shipped = Math.max(segment.shipped, end)
      if (segment.closed && segment.shipped >= segment.durable) drop(segments, segment)
    },
    waiting: () => ({ bytes: waitingBytes(), damagedLines }),
    async close() {
      closed = true
      await writing
      await ahead.close()
      if (open !== null) closeSync(open.file)
      open = null
    },
  }
}

/** What was written may be there or not: nothing can be promised after it. */
class LostWrite extends Error {
  override readonly name = 'LostWrite'
}

/** The write is synchronous: it goes into the kernel's memory. What takes time is the disk. */
async function writeThrough(
  { segment, file }: { readonly segment: Segment; readonly file: number },
  bytes: Buffer,
  sync: SyncFile | null,
): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; )
      written += writeSync(file, bytes, written, bytes.length - written, segment.durable + written)
  } catch (error) {
    // Half a group must not stand before the next one; then a full disk may have room again later.
    try {
      ftruncateSync(file, segment.durable)
    } catch (cause) {
      throw new LostWrite('a half-written group cannot be taken back', { cause })
    }
    throw error
  }
  if (sync !== null)
    try {
      await sync(file)
    } catch (cause) {
      throw new LostWrite('fdatasync failed', { cause })
    }
  segment.durable += bytes.length
}

/** Behind the last byte that is no zero: a line ends with none. */
function writtenEnd(path: string): number {
  const file = openSync(path, 'r')
  try {
    const block = Buffer.alloc(64 << 10)
    for (let end = fstatSync(file).size; end > 0; ) {
      const start = Math.max(0, end - block.length)
      const length = readSync(file, block, 0, end - start, start)
      for (let at = length - 1; at >= 0; at--) if (block[at] !== 0) return start + at + 1
      end = start
    }
    return 0
  } finally {
    closeSync(file)
  }
}

function drop(segments: Segment[], segment: Segment): void {
  rmSync(segment.path, { force: true })
  segments.splice(segments.indexOf(segment), 1)
}

/** Of the checksum and the space behind it. */
const HEAD_BYTES = 9

function lineOf(record: string): Buffer {
  const line = Buffer.from(`${' '.repeat(HEAD_BYTES)}${record}\n`)
  line.write(checksum(line.subarray(HEAD_BYTES, -1)), 'latin1')
  return line
}

const checksum = (bytes: Buffer) =>
  crc32(bytes)
    .toString(16)
    .padStart(HEAD_BYTES - 1, '0')

const NEWLINE = 10

/** Whole lines from where shipping stands. A broken end of a closed segment was never acknowledged. */
function readRecords(
  segment: Segment,
  bytesMax: number,
  recordsMax: number,
): { readonly records: readonly string[]; readonly end: number; readonly damaged: number } {
  const bytes = readLines(segment, bytesMax)
  const records: string[] = []
  let end = 0
  let broken = 0
  let damaged = 0
  while (end < bytes.length && records.length < recordsMax) {
    const stop = bytes.indexOf(NEWLINE, end)
    const record = stop === -1 ? null : readLine(bytes.subarray(end, stop))
    if (record === null) broken += 1
    else {
      records.push(record)
      // Whole lines behind it: these were written after the broken ones, so the broken ones had been acknowledged.
      damaged += broken
      broken = 0
    }
    end = stop === -1 ? bytes.length : stop + 1
  }
  return { records, end: segment.shipped + end, damaged }
}

/** Whole lines, about `bytesMax` of them and at least one; with them what stands broken at the very end. */
function readLines({ path, shipped, durable }: Segment, bytesMax: number): Buffer {
  const file = openSync(path, 'r')
  try {
    for (let size = bytesMax; ; size *= 2) {
      const bytes = Buffer.alloc(Math.min(size, durable - shipped))
      const length = readSync(file, bytes, 0, bytes.length, shipped)
      if (shipped + length >= durable || length < bytes.length) return bytes.subarray(0, length)
      const stop = bytes.lastIndexOf(NEWLINE)
      if (stop !== -1) return bytes.subarray(0, stop + 1)
    }
  } finally {
    closeSync(file)
  }
}

function readLine(line: Buffer): string | null {
  const record = line.subarray(HEAD_BYTES)
  return line.toString('latin1', 0, HEAD_BYTES) === `${checksum(record)} ` ? record.toString() : null
}

/** A new file is there for sure only when its folder is on disk. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function refusal(error: Error): SpoolRefusal {
  return new SpoolRefusal('The spool cannot be written.', { cause: error })
}
