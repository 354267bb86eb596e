/** Opens pairs because somebody wants to know which policy is liked better. Such answers never enter a gate. */
import type { AskComparisons, AskedComparisons } from '@leeway/contract/comparisons'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { requireJudge } from '../models/judge.ts'
import { factsOf, openPairs, type PairFacts, seenText } from './open-pairs.ts'
import { type PairwiseQuestion, requirePairwise } from './pairwise-question.ts'

type Wanted = z.output<typeof AskComparisons>

/** Drawn for each one wanted: some have no text any more, and in some both did the same. */
const DRAWN_FOR_ONE = 3
/** Pairs whose texts are in memory at once. */
const PAIRS_AT_ONCE = 10

export async function askComparisons(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: Wanted,
): Promise<z.infer<typeof AskedComparisons>> {
  const question = await requirePairwise(effects, projectId, wanted)
  await requireRaters(effects, question, wanted)
  const policies = await policyIds(effects, question, wanted.policies)
  const { pairs, alike } = await drawPairs(effects, question, policies, wanted.pairs)
  if (pairs.length === 0)
    throw new AppError(
      'unprocessable',
      alike > 0
        ? `In all ${alike} pairs that were drawn both runs are the same.`
        : 'No unit has runs to compare that were not asked about before.',
      wanted.policies.length === 1
        ? 'Name two policies, or import another run of the same tasks.'
        : 'Import runs of both policies on the same users, sessions or tasks.',
      { field: 'body.policies' },
    )
  const request = {
    projectId,
    id: effects.newId(),
    rubricId: question.rubric.id,
    agentId: question.rubric.agentId,
    criterionSha256: question.sha256,
    policies,
    answersWanted: wanted.answersWanted,
    judges: [...new Set(wanted.judges)],
    actor,
    at: effects.now(),
  }
  return effects.db.transaction(async (tx) => {
    const { length: added } = await openPairs(tx, effects, request, pairs)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: request.at,
      actor,
      action: 'comparisons.asked',
      body: {
        request: request.id,
        agent: request.agentId,
        criterion: question.sha256,
        policies,
        pairs: added,
        answersWanted: wanted.answersWanted,
        judges: request.judges.length,
      },
    })
    return { id: request.id, added, alike }
  })
}

async function requireRaters(effects: Effects, question: PairwiseQuestion, wanted: Wanted): Promise<void> {
  const { criterion, rubric } = question
  const kinds = [
    ...(wanted.answersWanted > 0 ? (['human'] as const) : []),
    ...(wanted.judges.length > 0 ? (['model'] as const) : []),
  ]
  if (kinds.length === 0)
    throw new AppError('unprocessable', 'Nobody is asked.', 'Want an answer of a person, or name a judge.', {
      field: 'body.answersWanted',
    })
  for (const kind of kinds)
    if (!criterion.answeredBy.includes(kind))
      throw new AppError(
        'unprocessable',
        `"${criterion.id}" may not be answered by ${kind === 'human' ? 'people' : 'models'}.`,
        `Add ${kind} to answeredBy of the question, and save the rubric.`,
        { field: kind === 'human' ? 'body.answersWanted' : 'body.judges' },
      )
  for (const [at, judge] of wanted.judges.entries()) {
    const { definition, rater } = await requireJudge(effects.db, rubric.projectId, judge)
    if (definition.usdPerMillion === null)
      throw new AppError(
        'unprocessable',
        `The price of "${rater.name}" is not known, so no spend limit can hold.`,
        'Declare it with usdPerMillion; for an endpoint that costs nothing, 0 and 0.',
        { field: `body.judges[${at}]` },
      )
  }
}

/** Of one name there may be several configurations: all of them are meant. */
async function policyIds(
  { db }: Pick<Effects, 'db'>,
  { rubric }: PairwiseQuestion,
  names: readonly string[],
): Promise<readonly string[]> {
  const found = await db.execute<{ id: string; name: string }>(sql`
    select id, name from policies where project_id = ${rubric.projectId} and agent_id = ${rubric.agentId}`)
  return [...new Set(names)].flatMap((name) => {
    const own = found.rows.filter((one) => one.name === name)
    if (own.length === 0)
      throw new AppError(
        'not_found',
        `The rubric's agent has no policy "${name}".`,
        `Name some of: ${found.rows
          .map((one) => one.name)
          .sort()
          .slice(0, 20)
          .join(', ')}.`,
        { field: `body.policies[${names.indexOf(name)}]` },
      )
    return own.map(({ id }) => id)
  })
}

async function drawPairs(
  { db, randomBytes }: Pick<Effects, 'db' | 'randomBytes'>,
  { rubric, sha256 }: PairwiseQuestion,
  policies: readonly string[],
  wanted: number,
): Promise<{ readonly pairs: readonly PairFacts[]; readonly alike: number }> {
  const { projectId, agentId } = rubric
  const seed = Buffer.from(randomBytes(16)).toString('hex')
  // Every unit before a second pair of any, so that the answers tell of as many units as they can.
  const drawn = await db.execute<{ one: string; other: string; unit: string }>(sql`
    select one, other, unit from (
      select one.id as one, other.id as other, one.unit_key as unit,
        row_number() over (partition by one.unit_key order by md5(${seed} || one.id::text || other.id::text)) as turn
      from episodes one
      join episodes other on other.project_id = one.project_id and other.agent_id = one.agent_id
        and other.unit_key = one.unit_key and other.id > one.id
      join policies named on named.project_id = one.project_id and named.id = one.policy_id
      join policies against on against.project_id = other.project_id and against.id = other.policy_id
      where one.project_id = ${projectId} and one.agent_id = ${agentId}
        and one.policy_id = any(${idArray(policies)}::uuid[]) and other.policy_id = any(${idArray(policies)}::uuid[])
        and (named.name <> against.name or ${policies.length === 1})
        and not exists (select 1 from comparison_pairs asked where asked.project_id = one.project_id
          and asked.criterion_sha256 = ${sha256} and asked.first_episode_id = one.id
          and asked.second_episode_id = other.id)) runs
    order by turn, md5(${seed} || unit) limit ${wanted * DRAWN_FOR_ONE}`)
  const pairs: PairFacts[] = []
  let alike = 0
  for (let at = 0; at < drawn.rows.length && pairs.length < wanted; at += PAIRS_AT_ONCE) {
    const part = drawn.rows.slice(at, at + PAIRS_AT_ONCE)
    const ids = [...new Set(part.flatMap(({ one, other }) => [one, other]))]
    const stored = new Map((await storedEpisodes(db, projectId, ids)).map((episode) => [episode.id, episode]))
    for (const row of part) {
      const [one, other] = [stored.get(row.one), stored.get(row.other)]
      // Retention may have removed the text of some.
      if (one === undefined || other === undefined || pairs.length === wanted) continue
      if (one.episode.steps.length === 0 || other.episode.steps.length === 0) continue
      if (seenText(one.episode) === seenText(other.episode)) alike += 1
      else pairs.push(factsOf({ one, other, shared: row.unit }))
    }
  }
  return { pairs, alike }
}

const idArray = (ids: readonly string[]) => `{${ids.join(',')}}`
