/** A release has its supervisor asked by itself: once for each question, within the limit, and whoever dies in between. */
import { and, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { answerRun } from '../models/answer-runs.ts'
import { judgeRuns } from '../models/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { vouchedBench } from '../testing/vouched-world.ts'

const bench = await vouchedBench()
const { db, effects } = bench
afterAll(bench.close)

type World = Awaited<ReturnType<typeof bench.world>>
const UNITS = 24
const { sealingKey } = deriveKeys(new Uint8Array(32).fill(7))

async function started(here: World): Promise<string> {
  const { status, body } = await here.start('v1', 'v2')
  if (status !== 201) throw new Error(JSON.stringify(body))
  return String(body.id)
}
const runsOf = (here: World) => db.select().from(judgeRuns).where(eq(judgeRuns.projectId, here.projectId))
const saidBy = (here: World, raterId: string) =>
  db
    .select()
    .from(ratings)
    .where(and(eq(ratings.projectId, here.projectId), eq(ratings.raterId, raterId)))
/** What the background does; `stop` breaks it off. */
const answer = async (here: World, stop = new AbortController().signal) => {
  for (const { id } of await runsOf(here))
    await answerRun(effects, sealingKey, { projectId: here.projectId, id }, { stop, wait: async () => {} })
}

test('what was drawn is asked, with planted faults among it, once, however often the release is checked', async () => {
  const here = await bench.world('by-itself', { units: UNITS, failing: { v1: 0.5, v2: 0.3 } })
  const one = await here.declare('one')
  await here.register(one, 'v1')
  const planted = await here.plant('v2', 4)
  bench.answers(({ failed, planted }) => failed || planted)
  const before = bench.models.requests.length
  const release = await started(here)
  for (let times = 0; times < 3; times++) await here.check(release)
  const [run, ...more] = await runsOf(here)
  expect(more).toEqual([])
  expect(run).toMatchObject({ raterId: one, startedBy: 'system:supervision' })
  const { episodes } = (run?.scope ?? { episodes: [] }) as { readonly episodes: readonly string[] }
  const drawn = here.policies.v2?.runs.map(({ id }) => id) ?? []
  expect([...episodes].sort()).toEqual([...drawn, ...planted].sort())
  // Planted ones neither come first nor last.
  expect(episodes.slice(0, 4)).not.toEqual(planted)

  await answer(here)
  await here.check(release)
  await answer(here)
  expect(await runsOf(here)).toHaveLength(1)
  expect(await saidBy(here, one)).toHaveLength(UNITS + 4)
  expect(bench.models.requests.length - before).toBe(UNITS + 4)
  const [link] = (await here.chain(release)).links
  expect(link).toMatchObject({ supervisor: { rater: 'one' }, figures: { checked: UNITS, canariesShown: 4 } })
})

test('broken off between questions, it goes on with those that are left and asks nothing twice', async () => {
  const here = await bench.world('broken-off', { units: UNITS, failing: { v1: 0.5, v2: 0.3 } })
  const one = await here.declare('one')
  await here.register(one, 'v1')
  const release = await started(here)
  await here.check(release)
  const before = bench.models.requests.length
  const stop = new AbortController()
  bench.models.otherwise(() => {
    // The server goes down while the ninth is under way.
    if (bench.models.requests.length - before > 8) stop.abort(new Error('gone'))
    return { kind: 'answer', answer: 'yes' }
  })
  await answer(here, stop.signal).catch(() => {})
  const recorded = (await saidBy(here, one)).length
  expect(recorded).toBeGreaterThan(0)
  expect(recorded).toBeLessThan(UNITS)
  const asked = bench.models.requests.length
  bench.models.otherwise(() => ({ kind: 'answer', answer: 'yes' }))
  // Claims of questions that were under way run out.
  effects.advance(10 * 60_000)
  await here.check(release)
  await answer(here)
  expect(await saidBy(here, one)).toHaveLength(UNITS)
  expect(bench.models.requests.length - asked).toBe(UNITS - recorded)
  expect(await runsOf(here)).toHaveLength(1)
})

test('nothing is ordered where nothing may be spent, the price is not known, or the role was taken away', async () => {
  const here = await bench.world('limits', { units: UNITS, failing: { v1: 0.5, v2: 0.3 } })
  const dear = await here.declare('dear', { usdPerMillion: { input: 1, output: 1 } })
  await here.register(dear, 'v1')
  await here.maySpend(0)
  const release = await started(here)
  await here.check(release)
  expect(await runsOf(here)).toEqual([])
  await here.register(dear, 'v1', ['critic'])
  await here.maySpend(100)
  await here.check(release)
  expect(await runsOf(here)).toEqual([])
  await here.register(dear, 'v1', ['rater'])
  await here.check(release)
  expect(await runsOf(here)).toHaveLength(1)

  const unpriced = await bench.world('unpriced', { units: UNITS, failing: { v1: 0.5, v2: 0.3 } })
  await unpriced.register(await unpriced.declare('nobody knows', { usdPerMillion: undefined }), 'v1')
  await unpriced.check(await started(unpriced))
  expect(await runsOf(unpriced)).toEqual([])
})

test('a run of a person that never ends, as others have answered, holds nothing up', async () => {
  const here = await bench.world('of-a-person', { units: UNITS, failing: { v1: 0.5, v2: 0.3 } })
  const one = await here.declare('one')
  await here.register(one, 'v1')
  await here.ask('/judges/runs', { judge: one, rubric: here.rubric, voicesWanted: 1 })
  await here.audit(await here.person('Paula'), here.policies.v2?.runs ?? [])
  await answer(here)
  expect(await saidBy(here, one)).toEqual([])
  await here.check(await started(here))
  expect((await runsOf(here)).map(({ startedBy }) => startedBy)).toContain('system:supervision')
  await answer(here)
  expect(await saidBy(here, one)).toHaveLength(UNITS)
})

test('before it starts, a release says who will supervise it, and why', async () => {
  const here = await bench.world('default', { units: 20, failing: { v1: 0.5, v2: 0.3 } })
  const named = () => here.ask('/supervisors/default?agent=desk')
  expect(await named()).toEqual({
    promoted: { id: here.policies.v1?.id, name: 'v1', by: 'anchor' },
    supervisor: null,
  })
  const one = await here.declare('one')
  await here.register(one, 'v1')
  expect(await named()).toMatchObject({ supervisor: { raterId: one, rater: 'one' } })
  // Who lost the role vouches for nobody.
  await here.register(one, 'v1', ['critic'])
  expect(await named()).toMatchObject({ supervisor: null })
  expect((await here.send('/supervisors/default?agent=nobody')).status).toBe(404)
})
