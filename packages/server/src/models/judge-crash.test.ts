/** Failures between any two steps of a question, and many processes at once. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { crashing } from '../testing/crashing-database.ts'
import { COST, judgeBench } from '../testing/judge-bench.ts'
import { askMsMax } from './ask-model.ts'
import { readSpend, setSpendLimit } from './spend.ts'
import { spendReservations } from './tables.ts'

const { bench, db, models, effects, close } = await judgeBench()
afterAll(close)

let before = 0
const asked = () => models.requests.slice(before)
beforeEach(() => {
  before = models.requests.length
  models.otherwise({ kind: 'answer', answer: 'yes', probability: 0.75 })
})

describe('a crash', () => {
  /** The n-th transaction of one question: 1 claims it, 2 records it. */
  const points = [
    ['before the claim is written', 1, 'before', 1],
    ['after the claim, before the model is asked', 1, 'after', 1],
    ['after the model answered, before anything is recorded', 2, 'instead', 2],
    ['within the recording', 2, 'before', 2],
    ['after the recording', 2, 'after', 1],
  ] as const
  test.each(points)('%s: asked no recorded question twice', async (name, transaction, when, requests) => {
    const one = await bench(`crash-${points.findIndex(([other]) => other === name)}`, { episodes: 1 })
    const { body } = await one.start({ criteria: ['right'] })
    const run = body.id
    await expect(one.answer(run, crashing(db, transaction, when))).rejects.toThrow('killed')

    // Whoever comes next finds either a question that nobody holds, or has to wait until the claim has run out.
    const outcome = await one.answer(run)
    if (outcome === 'resting') {
      const held = await one.spend()
      expect(held.reservedUsd).toBeGreaterThan(COST)
      effects.advance(askMsMax({ timeoutMs: 5_000 }) + 1)
      expect(await one.answer(run)).toBe('done')
      // The call that nobody recorded may have cost money; it counts until the day ends.
      expect((await one.spend()).reservedUsd).toBeCloseTo(held.reservedUsd, 12)
    }
    expect(asked()).toHaveLength(requests)
    expect(await one.rows()).toHaveLength(1)
    expect(await one.calls()).toHaveLength(1)
    expect(await one.answer(run)).toBe('done')
    expect(asked()).toHaveLength(requests)
    expect(await one.show(String(run))).toMatchObject({ state: 'done', answered: 1 })
  })

  test('what it left behind counts no more the day after', async () => {
    const one = await bench('next-day', { episodes: 1 })
    const { body } = await one.start({ criteria: ['right'] })
    await expect(one.answer(body.id, crashing(db, 2, 'instead'))).rejects.toThrow('killed')
    expect((await one.spend()).reservedUsd).toBeGreaterThan(0)
    effects.advance(86_400_000)
    expect((await one.spend()).reservedUsd).toBe(0)
    expect(await one.answer(body.id)).toBe('done')
    const left = await db
      .select()
      .from(spendReservations)
      .where(eq(spendReservations.projectId, one.project.id))
    expect(left).toEqual([])
  })
})

test('many at once: each question is asked once, and the limit is never exceeded', async () => {
  const one = await bench('many', { episodes: 30, usdPerDay: 0.02 })
  const { body } = await one.start()
  expect(body).toMatchObject({ questions: 60 })
  const seen: number[] = []

  let watching = true
  const watch = (async () => {
    while (watching) {
      const { spentTodayUsd, reservedUsd } = await readSpend(db, one.project.id, effects.now())
      seen.push(spentTodayUsd + reservedUsd)
    }
  })()
  const rounds = async () => {
    while ((await one.answer(body.id)) !== 'done') if ((await one.spend()).reservedUsd === 0) return
  }
  await Promise.all(Array.from({ length: 8 }, rounds))
  watching = false
  await watch
  const requests = asked().length
  expect(Math.max(...seen)).toBeLessThanOrEqual(0.02 + 1e-12)
  // Several were under way at once: else nothing was tried.
  expect(Math.max(...seen)).toBeGreaterThan(0.01)
  expect(await one.calls()).toHaveLength(requests)
  const view = await one.show(String(body.id))
  expect(view.answered).toBe(requests)
  expect(new Set((await one.rows()).map((row) => `${row.episodeId}:${row.criterionSha256}`)).size).toBe(
    requests,
  )
  await setSpendLimit(effects, one.project.id, 'test', 10)
  await Promise.all(Array.from({ length: 8 }, rounds))
  expect(await one.show(String(body.id))).toMatchObject({ state: 'done', answered: 60 })
  expect(asked()).toHaveLength(60)
})
