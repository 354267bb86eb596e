/** Puts pairs into the queue, each once for a question, with what is kept of them when their episodes are erased. */
import { createHash } from 'node:crypto'
import type { Episode } from '@leeway/core/episodes/episode'
import { v4 } from 'uuid'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Transaction } from '../db/connect.ts'
import type { StoredEpisode } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { stepTexts } from '../models/episode-text.ts'
import { comparisonPairs, comparisonRequests } from './tables.ts'

export type ComparisonRequest = typeof comparisonRequests.$inferInsert
/** `shared` names what both are runs of. */
export type ReadPair = {
  readonly one: StoredEpisode
  readonly other: StoredEpisode
  readonly shared: string
}

/** Rows of one insert; keeps the statement under PostgreSQL's 65,535 parameters. */
const ROWS_AT_ONCE = 1_000

/** The ids of those that were not there before. */
export async function openPairs(
  tx: Transaction,
  effects: Pick<Effects, 'randomBytes'>,
  request: ComparisonRequest,
  pairs: readonly PairFacts[],
): Promise<readonly string[]> {
  await tx.insert(comparisonRequests).values(request)
  const { projectId, agentId, criterionSha256, answersWanted, at } = request
  const added: string[] = []
  for (let from = 0; from < pairs.length; from += ROWS_AT_ONCE) {
    const rows = await tx
      .insert(comparisonPairs)
      .values(
        pairs.slice(from, from + ROWS_AT_ONCE).map((facts) => ({
          projectId,
          // Raters see it, so it must not hold the time.
          id: v4({ random: effects.randomBytes(16) }),
          requestId: request.id,
          agentId,
          criterionSha256,
          ...facts,
          position: uniformDraw(effects),
          answersWanted,
          at,
        })),
      )
      .onConflictDoNothing()
      .returning({ id: comparisonPairs.id })
    added.push(...rows.map(({ id }) => id))
  }
  return added
}

export type PairFacts = ReturnType<typeof factsOf>

/** Taken from the texts now: nobody need read them again for the report. */
export function factsOf({ one, other, shared }: ReadPair) {
  const [first, second] = one.id < other.id ? [one, other] : [other, one]
  return {
    firstEpisodeId: first.id,
    secondEpisodeId: second.id,
    unitSha256: createHash('sha256').update(shared).digest('hex'),
    firstLength: seenText(first.episode).length,
    secondLength: seenText(second.episode).length,
  }
}

/** What a rater sees of an episode as one text: equal ones leave nothing to prefer. */
export function seenText({ steps }: Pick<Episode, 'steps'>): string {
  const names = steps.map(({ kind, name }) => (kind === 'tool_call' ? name : ''))
  return stepTexts({ steps })
    .map((text, at) => `${names[at] ?? ''}${text ?? ''}`)
    .join('\n')
}
