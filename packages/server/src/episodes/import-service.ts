/**
 * Imports a stream of recorded episodes: read, redact, hash, write in batches, report.
 *
 * Knows the order in which this has to happen. Knows nothing of HTTP. Holds at most two batches and one record in
 * memory, and reads on only as fast as PostgreSQL writes and the caller takes events.
 */
import type { ImportEvent, ImportProblem, ImportSummary } from '@leeway/contract/episodes'
import type { Episode } from '@leeway/core/episodes/episode'
import { type RecordProblem, type Refused, refused } from '@leeway/core/episodes/record-problem'
import { countAnew } from '../db/count-anew.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { policies } from '../policies/tables.ts'
import { chunksOf } from './chunks.ts'
import { contentHash } from './content-hash.ts'
import { episodePolicies, type WhoActed } from './episode-policy.ts'
import { readEpisodeRules, requireRedactor } from './episode-rules.ts'
import { type Stored, storeBatch } from './import-store.ts'
import { type OccurrenceCounter, occurrenceCounter } from './occurrence-counter.ts'
import { episodeColumns, identityBase, identityOf, type PreparedEpisode } from './prepared-episode.ts'
import { type ReadEpisode, type ReadProblem, readEpisodes } from './read/read-episodes.ts'
import type { Redactor } from './redaction/redactor.ts'
import { episodeChunks, episodeImports, episodes } from './tables.ts'

export type ImportInput = WhoActed & {
  readonly projectId: string
  /** `person:<id>`, `key:<id>` or `system:<part>`. */
  readonly actor: string
  /** In messages and in the record of the import. */
  readonly fileName: string
  readonly source: ImportSource
  /** True for episodes of a simulation; every answer then says so. */
  readonly simulated?: boolean
  /** Of all of them, whatever the episodes say. */
  readonly unitKey?: string
}

/** A file of any known format, packed or not, or episodes that are normalised already. */
export type ImportSource =
  | { readonly bytes: AsyncIterable<Uint8Array> }
  | { readonly episodes: AsyncIterable<Episode> | Iterable<Episode> }

export type ImportEffects = Pick<Effects, 'db' | 'now' | 'newId' | 'log'>

/** Problems told in full; the counts are complete. */
export const PROBLEMS_MAX = 100
const BATCH_EPISODES = 500
const BATCH_BYTES = 2 * 1024 * 1024

/**
 * Throws AppError when nothing can be imported as asked (unknown policy, broken rules). The events end with
 * `summary`, or with `failed` when the import broke off; what `progress` counted before is stored either way.
 */
export async function startImport(
  effects: ImportEffects,
  input: ImportInput,
): Promise<AsyncGenerator<ImportEvent, void, undefined>> {
  // Rules that cannot be used stop the import: nothing is written unredacted.
  const { redaction } = await readEpisodeRules(effects.db, input.projectId)
  const redactor = requireRedactor(redaction, input.projectId)
  const policyOf = await episodePolicies(effects, input.projectId, input)
  return runImport(effects, input, redactor, policyOf)
}

/** Imports all of it and answers the summary; throws AppError when the import broke off. */
export async function importEpisodes(effects: ImportEffects, input: ImportInput): Promise<ImportSummary> {
  for await (const event of await startImport(effects, input)) {
    if (event.kind === 'summary') return event
    if (event.kind === 'failed') throw new AppError('internal', event.detail, event.hint)
  }
  throw new Error('the import ended without a summary')
}

type Counts = {
  added: number
  known: number
  refused: number
  erased: number
  redactions: number
  bytesRead: number
}

async function* runImport(
  effects: ImportEffects,
  input: ImportInput,
  redactor: Redactor,
  policyOf: Awaited<ReturnType<typeof episodePolicies>>,
): AsyncGenerator<ImportEvent, void, undefined> {
  const counts: Counts = { added: 0, known: 0, refused: 0, erased: 0, redactions: 0, bytesRead: 0 }
  const problems: ImportProblem[] = []
  const outcomes = { outcomes: 0, successes: 0 }
  const prepare = preparation(effects, redactor, policyOf, input.unitKey)
  let format: string | null = null
  let batch: PreparedEpisode[] = []
  let batchBytes = 0
  let writing: {
    readonly batch: readonly PreparedEpisode[]
    readonly stored: Promise<readonly Stored[]>
  } | null = null

  const refuse = (line: number | null, index: number | null, problem: RecordProblem): ImportEvent | null => {
    counts.refused += 1
    if (problems.length >= PROBLEMS_MAX) return null
    const told = { file: input.fileName, line, index, ...problem }
    problems.push(told)
    return { kind: 'problem', ...told }
  }
  /** Waits for the batch being written, so that one is written while the next is read. */
  async function* settle(): AsyncGenerator<ImportEvent> {
    if (writing === null) return
    const done = writing
    writing = null
    const stored = await done.stored
    for (const [position, episode] of done.batch.entries()) {
      const event = count(episode, stored[position]!)
      if (event !== null) yield event
    }
    yield { kind: 'progress', ...counts }
  }
  const count = (episode: PreparedEpisode, stored: Stored): ImportEvent | null => {
    if (stored.kind === 'conflict' || stored.kind === 'unstorable')
      return refuse(episode.line, episode.index, storeProblem(episode, stored))
    counts[stored.kind] += 1
    if (stored.kind === 'added') counts.redactions += episode.redactionCount
    if (stored.kind !== 'erased' && episode.columns.success !== null) {
      outcomes.outcomes += 1
      outcomes.successes += episode.columns.success
    }
    return null
  }
  const write = () => {
    const place = {
      projectId: input.projectId,
      format: format ?? 'unknown',
      simulated: input.simulated === true,
      importedAt: effects.now(),
    }
    const stored = storeBatch(effects.db.$client, place, batch)
    // Its failure is told by `settle`; until then it must not count as unhandled.
    stored.catch(() => {})
    writing = { batch, stored }
    batch = []
    batchBytes = 0
  }

  try {
    for await (const read of readSource(input, counts)) {
      const ready = read.kind === 'problem' ? refused(problemOf(read)) : await prepare(read.episode)
      if (!ready.ok) {
        const event = refuse(read.line, read.index, ready.problem)
        if (event !== null) yield event
        continue
      }
      if (read.kind === 'episode') format ??= read.format
      batch.push({ ...ready.prepared, line: read.line, index: read.index })
      batchBytes += ready.bytes
      if (batch.length < BATCH_EPISODES && batchBytes < BATCH_BYTES) continue
      yield* settle()
      write()
    }
    yield* settle()
    if (batch.length > 0) write()
    yield* settle()
    if (counts.added >= BATCH_EPISODES) await countAnew(effects.db, [episodes, episodeChunks, policies])
    yield {
      kind: 'summary',
      ...counts,
      format,
      ...outcomes,
      problems,
      problemsLeftOut: counts.refused - problems.length,
    }
  } catch (error) {
    yield { kind: 'failed', ...counts, ...failure(effects, error) }
  } finally {
    await (writing as { stored: Promise<unknown> } | null)?.stored.catch(() => {})
    await record(effects, input, counts, problems, format)
  }
}

type Prepared = {
  readonly ok: true
  readonly prepared: Omit<PreparedEpisode, 'line' | 'index'>
  readonly bytes: number
}

/** Redaction comes before the hash and before the policy's name is written anywhere. */
function preparation(
  effects: ImportEffects,
  redactor: Redactor,
  policyOf: Awaited<ReturnType<typeof episodePolicies>>,
  unitKey: string | undefined,
): (episode: Episode) => Promise<Prepared | Refused> {
  const counters = new Map<string, OccurrenceCounter>()
  const nextOccurrence = (policyId: string, base: string): number => {
    const counter = counters.get(policyId) ?? occurrenceCounter()
    counters.set(policyId, counter)
    return counter.next(base)
  }
  return async (original) => {
    const redacted = redactor.redact(original)
    if (redacted === 'tooSlow') return refused(TOO_SLOW)
    const { episode } = redacted
    const acting = await policyOf(episode)
    if (!acting.ok) return acting
    const hash = contentHash(episode)
    const base = identityBase(episode, hash)
    // A source id names one episode, however often the file repeats it.
    const occurrence = episode.sourceId === null ? nextOccurrence(acting.policyId, base) : 1
    const chunks = chunksOf(episode)
    return {
      ok: true,
      bytes: chunks.reduce((sum, { content }) => sum + content.length, 0),
      prepared: {
        id: effects.newId(),
        agentId: acting.agentId,
        policyId: acting.policyId,
        identity: identityOf(base, occurrence),
        occurrence,
        redactionCount: redacted.removed.reduce((sum, count) => sum + count, 0),
        columns: {
          ...episodeColumns(episode, hash),
          ...(unitKey === undefined ? {} : { unit_key: unitKey }),
        },
        chunks,
      },
    }
  }
}

function problemOf({ field, reason, expected, fix }: ReadProblem): RecordProblem {
  return { field, reason, expected, fix }
}

const TOO_SLOW: RecordProblem = {
  field: null,
  reason: 'The redaction rules took too long on this record, so nothing of it was stored.',
  expected: 'Rules that take less than 2 seconds on each record.',
  fix: 'Make the pattern rules simpler, or shorten the text. The preview of an import tells which record it is.',
}

function storeProblem(
  episode: PreparedEpisode,
  stored: Extract<Stored, { kind: 'conflict' | 'unstorable' }>,
): RecordProblem {
  if (stored.kind === 'unstorable')
    return {
      field: null,
      reason: `The database cannot hold this record: ${stored.reason}`,
      expected: 'Names and keys of ordinary length.',
      fix: 'Shorten the ids and keys of the record.',
    }
  return {
    field: 'sourceId',
    reason: `The source id ${JSON.stringify(episode.columns.source_id)} is there with other content: stored ${stored.storedHash}, this record ${episode.columns.content_hash}.`,
    expected: 'One content for each source id.',
    fix: 'Give a changed episode an id of its own, or erase the stored one if it was wrong.',
  }
}

async function* readSource(
  { source, fileName }: ImportInput,
  counts: Counts,
): AsyncGenerator<(Omit<ReadEpisode, 'line'> & { readonly line: number | null }) | ReadProblem> {
  if ('bytes' in source) {
    const onProgress = (bytesRead: number) => {
      counts.bytesRead = bytesRead
    }
    yield* readEpisodes(source.bytes, { name: fileName, onProgress })
    return
  }
  let index = 0
  for await (const episode of source.episodes)
    yield { kind: 'episode', episode, format: 'leeway', line: null, index: index++ }
}

function failure(effects: ImportEffects, error: unknown): { readonly detail: string; readonly hint: string } {
  if (error instanceof AppError) return { detail: error.message, hint: error.hint }
  effects.log.error({ err: error }, 'import broke off')
  return {
    detail: 'The import broke off.',
    hint: 'What was counted is stored. Import the file again: what is there already is not added twice.',
  }
}

async function record(
  effects: ImportEffects,
  input: ImportInput,
  counts: Counts,
  problems: readonly ImportProblem[],
  format: string | null,
): Promise<void> {
  try {
    await effects.db.insert(episodeImports).values({
      projectId: input.projectId,
      id: effects.newId(),
      fileName: input.fileName,
      format,
      actor: input.actor,
      added: counts.added,
      known: counts.known,
      refused: counts.refused,
      erased: counts.erased,
      problems,
      finishedAt: effects.now(),
    })
  } catch (error) {
    // The episodes are stored; only the note about the run is missing.
    effects.log.error({ err: error }, 'the record of an import was not written')
  }
}
