/**
 * Reads two policies' recorded runs from a file or folder into paired gate units, on this machine alone.
 *
 * Whose episode it is: the policy the record names, else the file or folder it lies in (`A/…`, `A.jsonl`,
 * `retail-A.json.gz`). Units are paired by user, session or task key and come in the order the files name them;
 * episodes of one unit are averaged; a unit that one policy lacks is a missing label.
 */
import { type Episode, unitKey } from '@leeway/core/episodes/episode'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { openPath } from '@leeway/server/episodes/read/open-path'
import { readEpisodes } from '@leeway/server/episodes/read/read-episodes'
import { CommandError } from '../../exit-codes.ts'

export type RecordedRuns = {
  readonly units: readonly PairedUnit[]
  readonly severe: { readonly seen: number; readonly audited: number }
  readonly episodes: { readonly candidate: number; readonly baseline: number; readonly other: number }
  /** Episodes without user, session or task key: they cannot be paired. */
  readonly unpaired: number
  /** Places and files that could not be read, in words. */
  readonly problems: readonly string[]
  readonly files: number
}

type Tally = { failures: number; labelled: number; severe: number; episodes: number }
type Arms = { candidate: Tally | null; baseline: Tally | null }

export async function readRecordedRuns(
  path: string,
  names: { readonly candidate: string; readonly baseline: string },
): Promise<RecordedRuns> {
  const opened = await openPath(path).catch((error: unknown) => {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : error}`,
      'name a file or folder of recorded runs; docs/guide/formats.md lists the formats',
    )
  })
  const byUnit = new Map<string, Arms>()
  const problems: string[] = []
  const episodes = { candidate: 0, baseline: 0, other: 0 }
  let unpaired = 0
  for (const source of opened.sources) {
    for await (const read of readEpisodes(source.open(), { name: source.name })) {
      if (read.kind === 'problem') {
        problems.push(`${read.file}:${read.line}: ${read.reason}`)
        continue
      }
      const arm = armOf(read.episode, source.name, names)
      episodes[arm ?? 'other'] += 1
      if (arm === null) continue
      const unit = unitKey(read.episode)
      if (unit === null) unpaired += 1
      else tally(byUnit, unit, arm, read.episode)
    }
  }
  // After the records: what keeps an episode from being read matters more than a README beside the runs.
  for (const { name, reason } of opened.skipped) problems.push(`${name}: ${reason}`)
  const units = [...byUnit].map(
    ([unit, arms]): PairedUnit => ({
      design: 'paired',
      unit,
      candidate: labelOf(arms.candidate),
      baseline: labelOf(arms.baseline),
    }),
  )
  const candidates = [...byUnit.values()].flatMap(({ candidate }) => (candidate === null ? [] : [candidate]))
  return {
    units,
    severe: { seen: candidates.filter(({ severe }) => severe > 0).length, audited: candidates.length },
    episodes,
    unpaired,
    problems,
    files: opened.sources.length,
  }
}

function armOf(
  episode: Episode,
  file: string,
  names: { readonly candidate: string; readonly baseline: string },
): 'candidate' | 'baseline' | null {
  const belongs = (name: string) =>
    episode.policyName === null ? pathNames(file, name) : episode.policyName === name
  const candidate = belongs(names.candidate)
  const baseline = belongs(names.baseline)
  if (candidate && baseline)
    throw new CommandError(
      `${file} matches both "${names.candidate}" and "${names.baseline}"`,
      'put the runs of each policy into a folder of its own name',
    )
  return candidate ? 'candidate' : baseline ? 'baseline' : null
}

/** True when a folder on the way, or the file without its endings, is the name or ends in `-name`. */
function pathNames(file: string, name: string): boolean {
  return file.split(/[\\/]/).some((part) => {
    const stem = part.replace(/(\.(json|jsonl|ndjson|gz))+$/i, '')
    return stem === name || ['-', '_', '.'].some((mark) => stem.endsWith(mark + name))
  })
}

function tally(byUnit: Map<string, Arms>, unit: string, arm: keyof Arms, episode: Episode): void {
  const arms = byUnit.get(unit) ?? { candidate: null, baseline: null }
  byUnit.set(unit, arms)
  const counts = arms[arm] ?? { failures: 0, labelled: 0, severe: 0, episodes: 0 }
  arms[arm] = counts
  counts.episodes += 1
  if (episode.outcome.severe) counts.severe += 1
  if (episode.outcome.success === null) return
  counts.labelled += 1
  counts.failures += 1 - episode.outcome.success
}

function labelOf(counts: Tally | null): ArmLabel {
  if (counts === null || counts.labelled === 0) return { kind: 'missing', probability: 1, judge: null }
  return { kind: 'observed', failure: counts.failures / counts.labelled, probability: 1, judge: null }
}
