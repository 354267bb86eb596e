import type { CheckView } from '@leeway/contract/checks'
import type { ReleaseView } from '@leeway/contract/releases'
import { DEFAULT_GATE } from '@leeway/core/ladder/default-ladder'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { importEpisodes } from '../episodes/import-service.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { testDatabase } from '../testing/database.ts'
import type { UpstreamReply } from '../testing/fake-upstream.ts'
import { asksForScores, lessBy, type ScoredWorld, scoredWorld } from '../testing/scored-world.ts'
import { checks, selections } from './tables.ts'

const CONVERSATIONS = 80
const KL_NATS_MAX = 12
const GATE = { ...DEFAULT_GATE, margin: 0.5, harmMargin: 0.5, alpha: 0.2, unitsMin: 10 }
const REGION = { horizonSteps: 100, stakes: 'reversible', tools: 'all', klNatsMax: KL_NATS_MAX }
const stage = (region: object, name: string, autonomy: string, exposure: number, reviewed = 1) => ({
  name,
  autonomy,
  exposure,
  reviewed,
  region,
  gate: GATE,
})

const database = await testDatabase({ connectionsMax: 12 })
const worlds: ScoredWorld[] = []
afterAll(async () => {
  for (const world of worlds) await world.gateway.close()
  await database.close()
})

/** What the gate says after all conversations have ended. `scores`: of the candidate's answers, one after the other. */
async function serve(
  slug: string,
  scores: (at: number) => UpstreamReply,
  labelled = true,
  prepare: (world: ScoredWorld) => void = () => {},
  region: object = REGION,
) {
  const stages = [
    stage(region, 'shadow', 'shadow', 0),
    stage(region, 'try', 'act', 0.5),
    stage(region, 'end', 'act', 0.5, 0.5),
  ]
  const world = await scoredWorld(database.db, stages, { slug })
  worlds.push(world)
  world.reset()
  const { gateway, release } = world
  const { effects, project } = gateway.server
  const show = async (path: string) =>
    (
      await gateway.server.request(`/api/projects/${slug}/releases/${release.id}${path}`, {
        token: gateway.adminKey,
      })
    ).json()
  await gateway.api('/anchors', { agent: 'desk', policy: 'v1', evidence: 'two years of service' })
  let asked = 0
  gateway.upstream.otherwise((request) => (asksForScores(request) ? scores(asked++) : { text: 'By v1.' }))
  prepare(world)
  const talk = async (name: string, count: number) => {
    await Promise.all(Array.from({ length: count }, (_, at) => world.say(`${slug}-${name}-${at}`)))
    await gateway.gateway.scored()
    effects.advance(11 * 60_000)
    await assembleEpisodes(effects)
  }
  const check = () => gateway.api(`/releases/${release.id}/check`, {}) as Promise<ReleaseView>
  await talk('first', CONVERSATIONS)
  if (labelled) await endAllWell(world)
  await check()
  const [recorded] = await database.db
    .select({ id: checks.id, result: checks.result })
    .from(checks)
    .where(and(eq(checks.projectId, project.id), eq(checks.releaseId, release.id)))
  return {
    world,
    talk,
    checkAgain: check,
    view: (await show('')) as ReleaseView,
    check: recorded?.result as CheckView,
    recompute: async () =>
      (await show(`/checks/${recorded?.id}/recompute`)) as { sameRows: boolean; again: CheckView },
  }
}

async function endAllWell({ gateway, release }: ScoredWorld) {
  const { effects } = gateway.server
  const drawn = await database.db
    .select()
    .from(selections)
    .where(eq(selections.releaseId, release.id))
    .orderBy(asc(selections.sequence))
  const outcome = { success: 1, severe: false, detail: null }
  for (const [arm, policyId] of [
    ['candidate', release.candidatePolicyId],
    ['baseline', release.baselinePolicyId],
  ] as const)
    await importEpisodes(effects, {
      projectId: release.projectId,
      actor: 'test',
      fileName: arm,
      policyId,
      source: {
        episodes: drawn
          .filter((row) => row.arm === arm)
          .map(({ unitKey }, at) =>
            sampleEpisode(at, { taskKey: null, sessionKey: unitKey.slice('session:'.length), outcome }),
          ),
      },
    })
}

test('well within the budget: the release climbs, and the page says how near', async () => {
  const { view, check, recompute } = await serve('near', (at) => lessBy(0.5 + (at % 7) / 4, 0, 0))
  expect(view).toMatchObject({ verdict: 'promote', state: 'proposed' })
  expect(check.kl).toMatchObject({
    standing: 'within',
    natsMax: KL_NATS_MAX,
    scored: CONVERSATIONS / 2,
    notScored: 0,
  })
  const { mean, low, high } = check.kl ?? {}
  const spent = Array.from({ length: 40 }, (_, at) => 0.5 + (at % 7) / 4).map((r) => Math.expm1(-r) + r)
  expect(mean).toBeCloseTo(spent.reduce((sum, one) => sum + one, 0) / spent.length, 9)
  expect(low).toBeLessThanOrEqual(mean ?? 0)
  expect(high).toBeGreaterThan(mean ?? 0)
  expect(high).toBeLessThanOrEqual(KL_NATS_MAX)
  expect(check.words.kl).toBe(
    `\`v2\` is 0.6 nats of KL from \`v1\` a conversation (between 0 and ${Math.round((high ?? 0) * 10) / 10}), of a budget of 12, in 40 that were scored.`,
  )
  const again = await recompute()
  expect(again).toMatchObject({ sameRows: true, again: { verdict: 'promote', kl: check.kl } })
})

test('about at the budget: as good as the baseline is not enough', async () => {
  const { view, check, talk, checkAgain } = await serve('open', (at) => lessBy(at % 2 === 0 ? 4 : 19, 0, 0))
  expect(check).toMatchObject({ verdict: 'hold', reason: 'kl-not-within-budget', kl: { standing: 'open' } })
  expect(view).toMatchObject({ state: 'climbing', stage: 'try' })
  expect(view.sentence).toContain('the stage allows 12 nats')
  // No label has come of these yet.
  await talk('more', 8)
  const { check: later } = await checkAgain()
  expect(later?.labels).toBe(check.labels)
  expect(later?.kl).toMatchObject({ standing: 'open', scored: CONVERSATIONS / 2 + 4 })
})

test('not scored: it does not open, and the reason is said', async () => {
  const { view, check } = await serve('unscored', (at) => (at % 5 === 0 ? { status: 500 } : lessBy(1, 0, 0)))
  expect(check).toMatchObject({
    verdict: 'hold',
    reason: 'kl-insufficient',
    kl: { standing: 'insufficient', scored: 32, notScored: 8 },
  })
  expect(view).toMatchObject({ state: 'climbing', stage: 'try' })
  expect(view.sentence).toContain('8 of 40 conversations were not scored')
})

test('past the budget: rolled back by itself, also where no label has come', async () => {
  const { view, check, world } = await serve('far', (at) => lessBy(40 + (at % 3), 0, 0), false)
  expect(check).toMatchObject({ verdict: 'rollback', reason: 'kl-over-budget', kl: { standing: 'over' } })
  expect(view.state).toBe('rolled-back')
  expect(view.decisions.at(-1)).toMatchObject({
    kind: 'rollback',
    actorName: 'the gate',
    reason: expect.stringContaining('further from `v1` than the budget of 12 nats of KL allows'),
  })
  await world.gateway.gateway.refresh()
  expect(await world.say('afterwards-1')).toContain('By v1.')
  expect(await world.say('afterwards-2')).toContain('By v1.')
})

test('where no words are scored, what it does is told beside it, and opens nothing', async () => {
  let turns = 0
  const looksUp = { calls: [{ tool: 'find_order', arguments: {} }] }
  const { view, check, recompute } = await serve(
    'unscored-acts',
    () => ({ status: 500 }),
    true,
    (world) => {
      world.gateway.candidateUpstream.otherwise(() => (turns++ % 4 === 0 ? { text: 'By v2.' } : looksUp))
    },
  )
  expect(check).toMatchObject({
    verdict: 'hold',
    reason: 'kl-insufficient',
    kl: { scored: 0, notScored: 40 },
  })
  expect(check.behaviouralKl).toMatchObject({ candidate: 40, baseline: 40 })
  const { value, low, high, words } = check.behaviouralKl ?? { value: 0, low: 0, high: 0, words: '' }
  // 30 of 40 look up first and 10 answer, where all 40 of the baseline's answer; one half is added to each count.
  const [p, q] = [30.5 / 41, 0.5 / 41]
  expect(value).toBeCloseTo(p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q)), 9)
  expect(low).toBeLessThan(value)
  expect(high).toBeGreaterThan(value)
  expect(words).toContain('By what it does and not by its words, `v2` is')
  expect(view.state).toBe('climbing')
  expect((await recompute()).again.behaviouralKl).toEqual(check.behaviouralKl)
})

const LOOKS_UP = { calls: [{ tool: 'find_order', arguments: {} }] }
/** Nobody scores words here: the budget is for what is done alone. `every`: so many turns from one look-up to the next. */
const acting = (slug: string, every: { candidate: number; baseline: number }, labelled = true) => {
  const turns = { candidate: 0, baseline: 0 }
  const say = (role: 'candidate' | 'baseline', text: string) => () =>
    turns[role]++ % every[role] === 0 ? LOOKS_UP : { text }
  return serve(
    slug,
    () => ({ status: 500 }),
    labelled,
    ({ gateway }) => {
      gateway.candidateUpstream.otherwise(say('candidate', 'By v2.'))
      gateway.upstream.otherwise(say('baseline', 'By v1.'))
    },
    { ...REGION, klNatsMax: null, behaviourNatsMax: 0.3 },
  )
}

test('a budget for what is done: like the baseline it opens the next stage, though no words are scored', async () => {
  const { view, check, recompute } = await acting('acts-alike', { candidate: 2, baseline: 2 })
  expect(check).toMatchObject({
    verdict: 'promote',
    behaviour: { standing: 'within', natsMax: 0.3, look: 7 },
  })
  expect(check.kl).toBeUndefined()
  expect(check.behaviouralKl).toBeUndefined()
  expect(check.behaviour?.high).toBeLessThanOrEqual(0.3)
  expect(check.words.behaviour).toMatch(
    /^By which tool it chooses after which, `v2` is .* of a budget of 0\.3,/,
  )
  expect(view).toMatchObject({ verdict: 'promote', state: 'proposed' })
  expect(view.stages.at(-1)).toMatchObject({ klNatsMax: null, behaviourNatsMax: 0.3 })
  expect(await recompute()).toMatchObject({
    sameRows: true,
    again: { verdict: 'promote', behaviour: check.behaviour },
  })
})

test('about at the budget for what is done: as good as the baseline is not enough', async () => {
  const { view, check } = await acting('acts-open', { candidate: 2, baseline: 6 })
  expect(check).toMatchObject({
    verdict: 'hold',
    reason: 'behaviour-not-within-budget',
    behaviour: { standing: 'open' },
  })
  expect(view).toMatchObject({ state: 'climbing', stage: 'try' })
  expect(view.sentence).toContain('the stage allows 0.3 nats')
})

test('past the budget for what is done: rolled back by itself, also where no label has come', async () => {
  const { view, check } = await acting('acts-far', { candidate: 1, baseline: 10 }, false)
  expect(check).toMatchObject({
    verdict: 'rollback',
    reason: 'behaviour-over-budget',
    behaviour: { standing: 'over' },
  })
  expect(view.state).toBe('rolled-back')
  expect(view.decisions.at(-1)).toMatchObject({
    kind: 'rollback',
    actorName: 'the gate',
    reason: expect.stringContaining('further from `v1` than the budget of 0.3 nats a choice allows'),
  })
})
