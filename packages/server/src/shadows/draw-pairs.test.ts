/** What a candidate answered beside the baseline, from the gateway over real HTTP to the check of the stage. */
import type { ReleaseView } from '@leeway/contract/releases'
import { ShadowView } from '@leeway/contract/shadows'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { pairedUnitKey } from '@leeway/core/ladder/paired-answers'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assignments } from '../assignments/tables.ts'
import { eraseEpisode } from '../episodes/erase-episode.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { outcomesByUnit } from '../episodes/views.ts'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { checkRelease, recomputeCheck } from '../releases/check-release.ts'
import { readGateRows } from '../releases/gate-units.ts'
import { releases, selections } from '../releases/tables.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { testDatabase } from '../testing/database.ts'
import { rater } from '../testing/rated-world.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { drawPairs } from './draw-pairs.ts'

const RUBRIC = `
name: desk
question: Is this the answer that the person needs?
answeredBy: [human]
`

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

let release: typeof releases.$inferSelect
let sha256: string
let judge: string
beforeAll(async () => {
  const place = { projectId: project.id, agent: 'desk', source: RUBRIC, actor: 'person:ada' }
  const { id: rubric } = await saveRubric(effects, place)
  const row = await findRubric(database.db, project.id, rubric)
  const [criterion] = row === undefined ? [] : criteriaOf(rubricOf(row))
  if (criterion === undefined) throw new Error('the rubric has no question')
  sha256 = criterionSha256(criterion)
  judge = await rater(effects, { projectId: project.id }, 'Ada', 'vetted')
  const { id } = (await world.api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
    truth: { kind: 'criterion', rubric, labelError: 'none' },
  })) as ReleaseView
  release = (await database.db.select().from(releases).where(eq(releases.id, id)))[0] as typeof release
  await world.gateway.refresh()
  world.upstream.otherwise(() => ({ text: 'I cannot help.' }))
  world.candidateUpstream.otherwise(() => ({ text: 'It is on its way.' }))
})

const say = async (conversation: string, more: Readonly<Record<string, unknown>> = {}) => {
  const answer = await world.chat(more, { 'x-leeway-conversation-id': conversation })
  expect(await answer.text()).not.toContain('on its way')
  await world.gateway.shadowed()
}
const paired = async () => {
  const found = await database.db.execute<{ id: string; policy_id: string; unit_key: string }>(sql`
    select id, policy_id, unit_key from episodes where project_id = ${project.id} and unit_key like 'paired-%' order by unit_key, id`)
  return found.rows
}
const drawn = () =>
  database.db
    .select()
    .from(selections)
    .where(eq(selections.releaseId, release.id))
    .orderBy(selections.sequence)
const wordsKept = async () => {
  const found = await database.db.execute<{ n: number }>(sql`select count(*)::int as n from shadow_texts`)
  return found.rows[0]?.n
}
const history = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello.' },
  { role: 'user', content: 'Where is it?' },
]

test('one pair of each user or session is drawn, with its unit, and the words of all others are forgotten', async () => {
  await say('one', { user: 'ada' })
  await say('two', { user: 'ada' })
  await say('three', { user: 'bob', messages: history })
  expect(await wordsKept()).toBe(3)
  await drawPairs(effects)
  expect(await wordsKept()).toBe(0)
  const rows = await drawn()
  expect(
    rows.map(({ sequence, stage, arm, audited, auditProbability }) => [
      sequence,
      stage,
      arm,
      audited,
      auditProbability,
    ]),
  ).toEqual([
    [1, 'shadow', 'paired', true, 1],
    [2, 'shadow', 'paired', true, 1],
  ])
  expect(rows.map(({ unitKey }) => unitKey.split(':')[0])).toEqual(['paired-first-turn', 'paired-step'])
  // Whoever spoke once does not speak again, also in another process.
  await say('four', { user: 'ada' })
  await Promise.all([drawPairs(effects), drawPairs(effects)])
  expect(await drawn()).toHaveLength(2)
  expect(await wordsKept()).toBe(0)
})

test('a rater reads both answers with what they answered, one question each, and nothing tells whose is whose', async () => {
  const episodes = await paired()
  expect(episodes).toHaveLength(4)
  const stored = await storedEpisodes(
    database.db,
    project.id,
    episodes.map(({ id }) => id),
  )
  for (const [policyId, text] of [
    [release.baselinePolicyId, 'I cannot help.'],
    [release.candidatePolicyId, 'It is on its way.'],
  ] as const) {
    const ids = episodes.filter(({ policy_id }) => policy_id === policyId).map(({ id }) => id)
    const own = stored.filter(({ id }) => ids.includes(id))
    expect(own.map(({ episode }) => episode.steps.length).sort()).toEqual([2, 4])
    for (const { episode } of own) expect(episode.steps.at(-1)?.content).toBe(text)
  }
  const bare = stored.map(({ episode: { steps: _, ...about } }) => JSON.stringify({ ...about, steps: null }))
  expect(bare.join()).not.toMatch(/v1|v2|baseline|candidate|shadow/)
  await checkRelease(effects, release)
  const asked = await database.db.select().from(assignments).where(eq(assignments.projectId, project.id))
  expect(asked.map(({ episodeId }) => episodeId).sort()).toEqual(episodes.map(({ id }) => id).sort())
})

const answerAll = async () => {
  const said = await database.db.execute<{ id: string; candidate: boolean }>(sql`
    select id, policy_id = ${release.candidatePolicyId} as candidate from episodes where project_id = ${project.id}
      and unit_key like 'paired-%' and not exists (select 1 from ratings where ratings.episode_id = episodes.id)`)
  await insertRatings(
    database.db,
    said.rows.map(({ id, candidate }) => ({
      projectId: project.id,
      id: effects.newId(),
      episodeId: id,
      criterionSha256: sha256,
      raterId: judge,
      kind: 'answered',
      value: candidate ? 'yes' : 'no',
      comment: '',
      evidence: [],
      flagged: false,
      assistance: 'none',
      form: 'find',
      commitKey: effects.newId(),
      committedAt: effects.now(),
    })),
  )
}

test('the gate of the stage reads them as pairs, and a better candidate is proposed for suggest; the check recomputes', async () => {
  for (let at = 0; at < 30; at++) await say(`more-${at}`)
  await drawPairs(effects)
  await answerAll()
  const check = await checkRelease(effects, release)
  expect(check).toMatchObject({ verdict: 'promote', units: 32, stage: 'shadow' })
  expect(check?.difference.estimate).toBe(-1)
  const page = await world.server.request(`/api/projects/${project.slug}/releases/${release.id}/shadow`, {
    token: world.adminKey,
  })
  expect(ShadowView.parse(await page.json()).evidence).toEqual({
    stage: 'shadow',
    whyNone: null,
    firstTurns: { drawn: 31, labelled: 31 },
    steps: { drawn: 1, labelled: 1 },
  })
  const again = await recomputeCheck(database.db, release, check?.id ?? '')
  expect(again.sameRows).toBe(true)
  expect(again.again.eValuePromoteMax).toBe(again.recorded.eValuePromoteMax)
})

test('a stage that acts, or opens one that does, counts none of them, whoever names them', async () => {
  const [, suggest, acts] = DEFAULT_LADDER.stages
  if (suggest === undefined || acts === undefined) throw new Error('the default ladder has more stages')
  const [one] = await drawn()
  if (one === undefined) throw new Error('nothing was drawn')
  // Written there past every rule.
  for (const [at, { name }] of [suggest, acts].entries())
    await database.db.insert(selections).values({ ...one, sequence: 900 + at, stage: name })
  await database.db.execute(sql`
    insert into labels (project_id, release_id, sequence, arm, failure, severe, episodes, basis, labelled_at)
    select project_id, release_id, 900 + n, arm, failure, severe, episodes, basis, labelled_at
    from labels, generate_series(0, 1) n where release_id = ${release.id} and sequence = ${one.sequence}`)
  const read = (stage: typeof acts, pairedAnswers?: boolean) =>
    readGateRows(database.db, release, stage, {
      gold: null,
      ...(pairedAnswers === undefined ? {} : { pairedAnswers }),
    })
  for (const stage of [suggest, acts]) {
    expect((await read(stage)).units).toHaveLength(0)
    // It is the rule alone that keeps them out.
    expect((await read(stage, true)).units).toHaveLength(1)
  }
  const refused = await world.server.request(
    `/api/projects/${project.slug}/releases/${release.id}/assignments`,
    {
      token: world.adminKey,
      json: { units: ['user:carl', pairedUnitKey('first-turn', effects.newId())] },
    },
  )
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('body.units[1]')
  // Of neither policy's episodes, from which a release on recorded ones would draw.
  for (const policy of [release.baselinePolicyId, release.candidatePolicyId])
    expect([...(await outcomesByUnit(database.db, project.id, policy)).keys()].join()).not.toContain('paired')
})

test('whoever erases a conversation erases what was answered beside it', async () => {
  await world.gateway.flush()
  effects.advance(3_600_000)
  await assembleEpisodes(effects)
  const found = await database.db.execute<{ id: string }>(sql`
    select id from episodes where project_id = ${project.id} and source_id like 'gateway:%:more-7'`)
  const before = (await paired()).length
  const erasing = {
    projectId: project.id,
    episodeId: found.rows[0]?.id ?? '',
    actor: 'person:ada',
    reason: 'asked for',
  }
  await eraseEpisode(effects, erasing)
  expect((await paired()).length).toBe(before - 2)
})
