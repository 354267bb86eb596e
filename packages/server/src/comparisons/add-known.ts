/** A pair whose better run is known, among the others: it shows who finds what is there to be found. */
import type { AddKnownComparison } from '@leeway/contract/comparisons'
import type { z } from 'zod'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { factsOf, openPairs } from './open-pairs.ts'
import { requirePairwise } from './pairwise-question.ts'
import { comparisonKnown } from './tables.ts'

/** Everybody gets it, at its random place among the others. */
const ANSWERS_WANTED = 1_000

export async function addKnown(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof AddKnownComparison>,
): Promise<string> {
  const { rubric, sha256, criterion } = await requirePairwise(effects, projectId, wanted)
  if (!criterion.answeredBy.includes('human'))
    throw new AppError(
      'unprocessable',
      `"${criterion.id}" may not be answered by people.`,
      'Add human to answeredBy of the question, and save the rubric.',
      { field: 'body.criterion' },
    )
  const stored = await storedEpisodes(effects.db, projectId, [wanted.better, wanted.worse])
  const [one, other] = stored.filter(({ episode }) => episode.steps.length > 0)
  if (one === undefined || other === undefined)
    throw new AppError(
      'not_found',
      'The two are not different episodes with their text in this project.',
      'Take them from the list of episodes.',
      { field: 'body.better' },
    )
  const at = effects.now()
  const request = {
    projectId,
    id: effects.newId(),
    rubricId: rubric.id,
    agentId: rubric.agentId,
    criterionSha256: sha256,
    policies: [],
    answersWanted: ANSWERS_WANTED,
    judges: [],
    actor,
    at,
  }
  return effects.db.transaction(async (tx) => {
    const shared = `known:${one.id}:${other.id}`
    const [pairId] = await openPairs(tx, effects, request, [factsOf({ one, other, shared })])
    if (pairId === undefined)
      throw new AppError(
        'conflict',
        'This pair is asked about already.',
        'What people were asked is not made known afterwards: take another pair.',
        { field: 'body.better' },
      )
    await tx.insert(comparisonKnown).values({ projectId, pairId, betterEpisodeId: wanted.better, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'comparisons.known_added',
      body: { pair: pairId, agent: rubric.agentId, criterion: sha256 },
    })
    return pairId
  })
}
