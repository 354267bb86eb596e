/** Pairs that did the same, from imported episodes to the check: labels saved, and the definition checked. */
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { episodeAliases } from '../episodes/episode-alias.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { createProject } from '../projects/create-project.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { setTier } from '../raters/set-tier.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import { checkRelease } from './check-release.ts'
import { episodesOfUnits } from './criterion-labels.ts'
import { listPairs } from './pair-views.ts'
import { selectionsOf } from './release-store.ts'
import { startRelease } from './start-release.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const UNITS = 100
const RUBRIC = `name: desk
question: Did the agent follow the instructions?
answeredBy: [human]
combine: all
children:
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
`

/** The new policy pays something else on every fifth task, and only talks differently on the others. */
async function world(effects: TestEffects) {
  const { project } = await createProject(
    effects,
    { slug: `p-${effects.newId()}`, name: 'p' },
    { actor: 't' },
  )
  for (const policy of ['old', 'new'])
    await importEpisodes(effects, {
      projectId: project.id,
      actor: 't',
      fileName: policy,
      simulated: true,
      source: {
        episodes: Array.from({ length: UNITS }, (_, unit) =>
          sampleEpisode(unit, {
            taskKey: `t${unit}`,
            sessionKey: null,
            userKey: null,
            sourceId: null,
            agentName: 'desk',
            policyName: policy,
            policyConfig: { policy },
            outcome: { success: null, severe: false, detail: null },
            steps: [
              sampleStep(0, { kind: 'assistant', content: `${policy} says hello` }),
              sampleStep(1, {
                kind: 'tool_call',
                name: 'pay',
                content: { cents: policy === 'new' && unit % 5 === 0 ? 2 : 1, to: 'a' },
                callId: 'c',
              }),
            ],
          }),
        ),
      },
    })
  const { id } = await saveRubric(effects, {
    projectId: project.id,
    agent: 'desk',
    source: RUBRIC,
    actor: 't',
  })
  return { projectId: project.id, rubric: id }
}

test('same calls that matter: one pair in twenty is labelled, the others count as no difference', async () => {
  const effects = testEffects(database.db, { seed: 'same' })
  const { projectId, rubric } = await world(effects)
  const release = await startRelease(effects, {
    projectId,
    agent: 'desk',
    baseline: 'old',
    candidate: 'new',
    unitSource: 'finite',
    truth: {
      kind: 'criterion',
      rubric,
      labelError: 'none',
      secondLookShare: 0.25,
      auditShare: 1,
      auditsBy: 'share',
      consequentialTools: ['pay'],
    },
    actor: 't',
  })
  const rows = await selectionsOf(effects.db, projectId, release.id, 'shadow')
  const same = rows.filter(({ identical }) => identical)
  expect(same).toHaveLength(UNITS * 0.8)
  expect(same.every(({ auditProbability }) => auditProbability === 0.05)).toBe(true)
  expect(rows.filter(({ identical, audited }) => !identical && audited)).toHaveLength(UNITS * 0.2)

  const aliases = episodeAliases(new Uint8Array(32))
  const pairs = await listPairs(effects.db, aliases, release, { limit: 200, after: 0 })
  expect(pairs.map(({ sequence }) => sequence)).toEqual(
    rows.filter(({ identical }) => !identical).map(({ sequence }) => sequence),
  )
  // The candidate is on either side, and the page says of neither.
  const ofCandidate = new Set(
    (
      await episodesOfUnits(
        effects.db,
        projectId,
        release.candidatePolicyId,
        rows.map(({ unitKey }) => unitKey),
      )
    ).map(({ episodeId }) => aliases.aliasOf(projectId, episodeId)),
  )
  const left = pairs.filter((pair) => ofCandidate.has(pair.left)).length
  expect(pairs.every((pair) => ofCandidate.has(pair.left) !== ofCandidate.has(pair.right))).toBe(true)
  expect(left).toBeGreaterThan(2)
  expect(left).toBeLessThan(pairs.length - 2)

  const row = await findRubric(effects.db, projectId, rubric)
  const root = row && criteriaOf(rubricOf(row))[0]
  if (!row || !root) throw new Error('no rubric')
  const ada = await ensureRater(effects.db, effects, projectId, {
    kind: 'human',
    name: 'Ada',
    family: 'people',
  })
  await setTier(effects, { projectId, raterId: ada.id, tier: 'vetted', reason: 'test', actor: 't' })
  for (const policyId of [release.candidatePolicyId, release.baselinePolicyId]) {
    const audited = rows.filter((one) => one.audited).map(({ unitKey }) => unitKey)
    await insertRatings(
      effects.db,
      (await episodesOfUnits(effects.db, projectId, policyId, audited)).map(({ episodeId }) => ({
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256: criterionSha256(root),
        raterId: ada.id,
        kind: 'answered',
        value: 'yes',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        commitKey: effects.newId(),
        committedAt: effects.now(),
      })),
    )
  }
  const check = await checkRelease(effects, release)
  const looked = same.filter(({ audited }) => audited).length
  expect(check?.units).toBe(UNITS)
  expect(check?.identical).toMatchObject({
    pairs: same.length,
    checked: looked,
    differed: 0,
    broken: false,
    labelsSaved: 2 * (same.length - looked),
  })
  expect(check?.labels).toBeLessThan(2 * UNITS * 0.35)
})

test('without tools that matter no pair is called the same', async () => {
  const effects = testEffects(database.db, { seed: 'none' })
  const { projectId, rubric } = await world(effects)
  const release = await startRelease(effects, {
    projectId,
    agent: 'desk',
    baseline: 'old',
    candidate: 'new',
    unitSource: 'finite',
    truth: {
      kind: 'criterion',
      rubric,
      labelError: 'none',
      secondLookShare: 0.25,
      auditShare: 1,
      auditsBy: 'share',
      consequentialTools: [],
    },
    actor: 't',
  })
  const rows = await selectionsOf(effects.db, projectId, release.id, 'shadow')
  expect(rows.some(({ identical }) => identical)).toBe(false)
  expect(rows.every(({ audited }) => audited)).toBe(true)
})
