import type { Json } from '@leeway/core/episodes/episode'
import type { DraftResult } from '@leeway/core/episodes/episode-draft'
import { readInspectSample } from '@leeway/core/episodes/formats/inspect'
import { quotedConstants } from '@leeway/core/episodes/formats/inspect-constants'
import { asObject, type JsonObject, member } from '@leeway/core/episodes/json-field'
import { parseJsonText } from '@leeway/core/episodes/json-text'
import { type RecordProblem, type Refused, refused } from '@leeway/core/episodes/record-problem'
import { recordText } from './record-text.ts'
import { ZIP_LIMITS, type ZipEntry, type ZipLimits, zipEntries } from './zip-entries.ts'

export const ARCHIVE_LIMITS = {
  ...ZIP_LIMITS,
  /** The packed file, held in memory: what redaction removes may not be written to a disk first. */
  archiveBytesMax: 256 * 1024 * 1024,
} as const

type Limits = Omit<ZipLimits, 'entryBytesMax'> & {
  readonly archiveBytesMax: number
  readonly recordBytesMax: number
}

/**
 * The samples of an Inspect `.eval` log, in the order of its directory. A sample that cannot be read becomes a
 * problem and does not lose the others. A log still being written has no `header.json`; its `_journal/start.json`
 * says the same of who acted. Summaries and reductions repeat the samples and are not read. Never throws.
 */
export async function* inspectArchive(
  source: AsyncIterable<Uint8Array>,
  limits: Limits,
  onProgress: (bytesRead: number) => void = () => undefined,
): AsyncGenerator<{ readonly index: number; readonly result: DraftResult }, void, undefined> {
  const file = await wholeFile(source, limits.archiveBytesMax, onProgress)
  if (!Buffer.isBuffer(file)) {
    yield { index: 0, result: refused(file) }
    return
  }
  let entries: readonly ZipEntry[]
  try {
    entries = await zipEntries(file, { ...limits, entryBytesMax: limits.recordBytesMax })
  } catch (error) {
    yield { index: 0, result: refused(archiveProblem(error)) }
    return
  }
  const samples = entries.filter(({ name }) => /^samples\/[^/]+\.json$/.test(name))
  const header =
    entries.find(({ name }) => name === 'header.json') ??
    entries.find(({ name }) => name === '_journal/start.json')
  if (header === undefined || samples.length === 0) {
    yield { index: 0, result: refused(header === undefined ? NO_LOG : NO_SAMPLES) }
    return
  }
  const log = await entryJson(header)
  if (!log.ok) {
    yield { index: 0, result: log }
    return
  }
  for (const [index, entry] of samples.entries()) {
    const sample = await entryJson(entry)
    yield { index, result: sample.ok ? sampleResult(log.value, sample.value, entry.name) : sample }
  }
}

function sampleResult(log: JsonObject, sample: Json, name: string): DraftResult {
  const status = member(log, 'status') ?? 'started' // the journal does not say
  return readInspectSample({ ...log, status }, sample, `${name}: `)
}

async function wholeFile(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
  onProgress: (bytesRead: number) => void,
): Promise<Buffer | RecordProblem> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of source) {
      bytes += piece.length
      onProgress(bytes)
      if (bytes > bytesMax) return tooLarge(bytesMax)
      pieces.push(piece)
    }
  } catch (error) {
    return {
      field: null,
      reason: `The file cannot be read on: ${message(error)}.`,
      expected: 'A file that can be read to its end.',
      fix: 'Check that the file exists, is a file, and may be read.',
    }
  }
  return Buffer.concat(pieces, bytes)
}

async function entryJson(
  entry: ZipEntry,
): Promise<{ readonly ok: true; readonly value: JsonObject } | Refused> {
  let text: string | RecordProblem
  try {
    text = recordText(await entry.read())
  } catch (error) {
    return refused({
      field: entry.name,
      reason: `This entry of the ZIP file cannot be read: ${message(error)}.`,
      expected: 'A complete entry, stored or packed by deflate or Zstandard, of at most 64 MiB.',
      fix: 'Copy the log again, or write it again with `inspect log convert`.',
    })
  }
  if (typeof text !== 'string') return refused({ ...text, field: entry.name })
  let parsed = parseJsonText(text)
  if (!parsed.ok) {
    const retried = parseJsonText(quotedConstants(text))
    if (retried.ok) parsed = retried
  }
  if (!parsed.ok) {
    const { field } = parsed.problem
    return refused({ ...parsed.problem, field: field === null ? entry.name : `${entry.name}: ${field}` })
  }
  const value = asObject(parsed.value)
  if (value !== null) return { ok: true, value }
  return refused({
    field: entry.name,
    reason: 'This entry is not an object.',
    expected: 'A JSON object.',
    fix: 'Write the log again with `inspect log convert`.',
  })
}

function message(error: unknown): string {
  if (error instanceof RangeError) return 'it is cut off or damaged'
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, 200).replace(/\.$/, '')
}

function archiveProblem(error: unknown): RecordProblem {
  return {
    field: null,
    reason: `The ZIP file cannot be read: ${message(error)}.`,
    expected: 'A complete .eval log as Inspect writes it.',
    fix: 'Copy or export the log again. If Inspect itself opens it, convert it: `inspect log convert --to json`.',
  }
}

function tooLarge(bytesMax: number): RecordProblem {
  return {
    field: null,
    reason: `The ZIP file has more than ${bytesMax.toLocaleString('en')} bytes.`,
    expected: 'A smaller log: its directory is at its end, so it is held in memory.',
    fix: 'Split the evaluation into several logs, for example by its samples.',
  }
}

const NO_LOG: RecordProblem = {
  field: 'header.json',
  reason: 'The ZIP file is no Inspect log: it holds neither header.json nor _journal/start.json.',
  expected: 'A .eval log as Inspect writes it.',
  fix: 'Unpack the ZIP file and import the files in it.',
}

const NO_SAMPLES: RecordProblem = {
  field: 'samples',
  reason: 'The log holds no samples.',
  expected: 'At least one entry samples/….json.',
  fix: 'Run the evaluation to its end, with `log_samples` on, and import the log again.',
}
