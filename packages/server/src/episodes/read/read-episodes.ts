import { detectFormat, unknownFormat } from '@leeway/core/episodes/detect-format'
import { EPISODE_LIMITS, type Episode, type Json } from '@leeway/core/episodes/episode'
import type { EpisodeDraft } from '@leeway/core/episodes/episode-draft'
import type { EpisodeFormat, FormatName } from '@leeway/core/episodes/formats/format'
import { quotedConstants } from '@leeway/core/episodes/formats/inspect-constants'
import { type CollectedTrace, traceCollector } from '@leeway/core/episodes/formats/trace-collector'
import { parseJsonText } from '@leeway/core/episodes/json-text'
import { normaliseEpisode } from '@leeway/core/episodes/normalise'
import type { RecordProblem } from '@leeway/core/episodes/record-problem'
import { recordSplitter, type SplitEvent } from '@leeway/core/episodes/record-splitter'
import { ARCHIVE_LIMITS, inspectArchive } from './inspect-archive.ts'
import { openedBytes } from './opened-bytes.ts'
import { plainBytes, UNPACK_LIMITS } from './plain-bytes.ts'
import { recordText } from './record-text.ts'

export const READ_LIMITS = { ...EPISODE_LIMITS, ...UNPACK_LIMITS, ...ARCHIVE_LIMITS } as const
export type ReadLimits = { readonly [limit in keyof typeof READ_LIMITS]?: number }

export type ReadEpisode = {
  readonly kind: 'episode'
  readonly episode: Episode
  readonly format: FormatName
  /** Line on which its record begins, from 1. */
  readonly line: number
  /** Number of its record in the file, from 0. One record can hold several episodes. */
  readonly index: number
}

export type ReadProblem = {
  readonly kind: 'problem'
  readonly file: string
  readonly line: number
  readonly index: number
} & RecordProblem

/** Records of no known format in a row, before any of a known one, after which a file is given up. */
const UNKNOWN_RECORDS_MAX = 100

/**
 * Reads the recorded runs of one file, in any format we know, plain or gzip, while it streams by.
 *
 * A bad record becomes a problem with its line and does not lose the others. A source that cannot be read on
 * (cut off gzip, bomb, wrong encoding, read error) ends with a problem after the good records. Never throws for
 * what a file holds. Memory: one record, its episodes, and the open traces of an OTLP file; the packed bytes of a ZIP.
 *
 * @param options.name what problems call the file; nothing is derived from it
 * @param options.onProgress gets the bytes of the source read so far (packed ones, for gzip)
 */
export async function* readEpisodes(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ReadEpisode | ReadProblem, void, undefined> {
  const limits = { ...READ_LIMITS, ...options.limits }
  const { isZip, bytes } = await openedBytes(source)
  if (isZip) yield* archived(bytes, options, limits)
  else yield* streamed(bytes, options, limits)
}

type ReadOptions = {
  readonly name: string
  readonly limits?: ReadLimits
  readonly onProgress?: (bytesRead: number) => void
}

/** A ZIP file is an Inspect log: its directory is at its end, so it is held in memory, each sample unpacked in turn. */
async function* archived(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  limits: Required<ReadLimits>,
): AsyncGenerator<ReadEpisode | ReadProblem, void, undefined> {
  for await (const { index, result } of inspectArchive(bytes, limits, options.onProgress)) {
    const read = result.ok ? normaliseEpisode(result.draft, limits) : result
    if (read.ok) yield { kind: 'episode', episode: read.episode, format: 'inspect', line: 1, index }
    else yield { kind: 'problem', file: options.name, line: 1, index, ...read.problem }
  }
}

async function* streamed(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  limits: Required<ReadLimits>,
): AsyncGenerator<ReadEpisode | ReadProblem, void, undefined> {
  const splitter = recordSplitter(limits)
  const reader = recordReader(options.name, limits)
  let place = { line: 1, index: 0 }

  for await (const piece of plainBytes(source, limits, options.onProgress)) {
    if (piece.kind === 'problem') {
      for (const event of splitter.cut()) {
        place = { line: event.line, index: event.index + 1 }
        yield* reader.read(event)
      }
      yield* reader.finish()
      yield { kind: 'problem', file: options.name, ...place, ...piece.problem }
      return
    }
    for (const event of splitter.push(piece.bytes)) {
      place = { line: event.line, index: event.index + 1 }
      yield* reader.read(event)
      if (reader.givenUp()) return
    }
  }
  for (const event of splitter.end()) {
    yield* reader.read(event)
    if (reader.givenUp()) return
  }
  yield* reader.finish()
  if (reader.records() === 0) {
    const problem = {
      field: null,
      reason: 'The file holds no records.',
      expected: 'At least one recorded run.',
      fix: 'Check that the export finished and that this is the right file.',
    }
    yield { kind: 'problem', file: options.name, line: 1, index: 0, ...problem }
  }
}

type Place = { readonly line: number; readonly index: number }

function recordReader(file: string, limits: Required<ReadLimits>) {
  const traces = traceCollector<Place>()
  let fileFormat: EpisodeFormat | null = null
  let records = 0
  let unknown = 0

  const problem = (place: Place, found: RecordProblem): ReadProblem => ({
    kind: 'problem',
    file,
    line: place.line,
    index: place.index,
    ...found,
  })

  function checked(draft: EpisodeDraft, format: FormatName, place: Place): ReadEpisode | ReadProblem {
    const normalised = normaliseEpisode(draft, limits)
    if (!normalised.ok) return problem(place, normalised.problem)
    return { kind: 'episode', episode: normalised.episode, format, line: place.line, index: place.index }
  }
  const trace = ({ place, result }: CollectedTrace<Place>): ReadEpisode | ReadProblem =>
    result.ok ? checked(result.draft, 'otlp', place) : problem(place, result.problem)

  function formatOf(value: Json): EpisodeFormat | null {
    // A record that lost the keys of its format is read as what the file is, so that the missing field is named.
    const format: EpisodeFormat | null = detectFormat(value) ?? fileFormat
    if (format !== null) fileFormat ??= format
    return format
  }

  function* read(event: SplitEvent): Generator<ReadEpisode | ReadProblem> {
    const place = { line: event.line, index: event.index }
    records++
    if (event.kind === 'problem') {
      yield problem(place, event.problem)
      return
    }
    const text = recordText(event.bytes)
    const parsed = typeof text === 'string' ? parsedRecord(text) : ({ ok: false, problem: text } as const)
    if (!parsed.ok) {
      yield problem(place, parsed.problem)
      return
    }
    const format = formatOf(parsed.value)
    if (format === null) {
      unknown++
      yield problem(place, unknownFormat(parsed.value))
      return
    }
    if (format.name === 'otlp') {
      for (const collected of traces.add(parsed.value, place)) yield trace(collected)
      return
    }
    for (const result of format.read(parsed.value)) {
      yield result.ok ? checked(result.draft, format.name, place) : problem(place, result.problem)
    }
  }

  function* finish(): Generator<ReadEpisode | ReadProblem> {
    for (const collected of traces.finish()) yield trace(collected)
  }
  return {
    read,
    finish,
    records: () => records,
    givenUp: () => fileFormat === null && unknown >= UNKNOWN_RECORDS_MAX,
  }
}

/** Inspect writes scores that were not given as NaN, which JSON does not have; there it is read as the text "NaN". */
function parsedRecord(text: string): ReturnType<typeof parseJsonText> {
  const parsed = parseJsonText(text)
  if (parsed.ok || !/^\s*\{\s*"version"/.test(text)) return parsed
  const retried = parseJsonText(quotedConstants(text))
  return retried.ok && detectFormat(retried.value)?.name === 'inspect' ? retried : parsed
}
