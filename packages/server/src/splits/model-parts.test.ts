/** A model answers the parts: within the limits of money, once each, whoever dies between. A model server over real HTTP. */
import { SavedSplit, SplitReport } from '@leeway/contract/splits'
import { asc, desc, eq } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openAssignments } from '../assignments/open-assignments.ts'
import { episodes } from '../episodes/tables.ts'
import { judgeRuns } from '../models/tables.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { crashing } from '../testing/crashing-database.ts'
import { judgeBench, leaf } from '../testing/judge-bench.ts'
import { openParts } from './open-parts.ts'
import { splitOpenings } from './tables.ts'

const { bench, db, models, effects, close } = await judgeBench()
afterAll(close)

let before = 0
const asked = () => models.requests.slice(before)
beforeEach(() => {
  before = models.requests.length
  models.otherwise({ kind: 'answer', answer: 'no', probability: 0.75, reason: 'So it stands.' })
})

const WHOLE = criterionSha256(leaf('right', ['model', 'human']).criterion)
const PARTS = [{ question: 'Is the order right?' }, { question: 'Is the amount right?' }]

/** A project whose question "right" is split, asked about each episode, with a judge for the parts. */
async function splitBench(name: string, rules: object, options: object = {}) {
  const one = await bench(name, options)
  const call = async (path: string, json: object, method = 'POST') => {
    const answer = await one.ask(path, { json, method })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  await call('/splits/rules', { share: 1, ...rules }, 'PUT')
  const save = (more: object = {}) =>
    call('/splits', {
      rubric: one.rubricId,
      criterionSha256: WHOLE,
      parts: PARTS,
      answersWanted: 0,
      judge: one.judge.id,
      ...more,
    })
  const rows = await db
    .select({ id: episodes.id })
    .from(episodes)
    .where(eq(episodes.projectId, one.project.id))
    .orderBy(desc(episodes.id))
  const episodeIds = rows.map(({ id }) => id)
  await db.transaction((tx) =>
    openAssignments(tx, effects, one.project.id, {
      rubricId: one.rubricId,
      criterionSha256: WHOLE,
      episodeIds,
      answersWanted: 1,
      purpose: 'chosen',
    }),
  )
  const runs = () =>
    db.select().from(judgeRuns).where(eq(judgeRuns.projectId, one.project.id)).orderBy(asc(judgeRuns.id))
  const openings = () => db.select().from(splitOpenings).where(eq(splitOpenings.projectId, one.project.id))
  const report = async () => SplitReport.parse(await (await one.ask('/splits')).json())
  return { ...one, save, runs, openings, report, episodeIds }
}

test('whoever dies between opening the parts and recording an answer: nothing is asked twice, nothing is lost', async () => {
  const one = await splitBench('crash', { usdMax: 1 }, { episodes: 2 })
  await one.save()
  // The first test of the file: no other project has a split.
  await expect(openParts({ ...effects, db: crashing(db, 1, 'before') })).rejects.toThrow('killed')
  expect([await one.openings(), await one.runs()]).toEqual([[], []])
  await openParts(effects)
  expect((await one.openings()).length).toBe(2)
  const [run] = await one.runs()
  await expect(one.answer(run?.id, crashing(db, 2, 'before'))).rejects.toThrow('killed')
  effects.advance(3_600_000)
  expect(await one.answer(run?.id)).toBe('done')
  expect(await one.rows()).toHaveLength(4)
  const calls = await one.calls()
  expect(new Set(calls.map(({ requestSha256 }) => requestSha256)).size).toBe(calls.length)
  const recorded = asked().length
  await openParts(effects)
  expect(await one.answer(run?.id)).toBe('done')
  expect(asked()).toHaveLength(recorded)
})

test('each part is asked of the model once, about each episode, in one run', async () => {
  const one = await splitBench('parts', { usdMax: 1 }, { episodes: 3 })
  expect(SavedSplit.parse((await one.save()).body).added).toBe(true)
  await openParts(effects)
  await openParts(effects)
  const [run, ...others] = await one.runs()
  expect([others, run?.startedBy]).toEqual([[], 'system:parts'])
  expect(await one.answer(run?.id)).toBe('done')
  expect(asked()).toHaveLength(6)
  expect(asked().filter(({ text }) => text.includes('Is the order right?'))).toHaveLength(3)
  // It is not told what it is a part of.
  expect(asked().some(({ text }) => text.includes('Is right so?'))).toBe(false)
  expect(await one.rows()).toHaveLength(6)
  const [, order] = (await one.report()).trees[0]?.nodes ?? []
  expect(order).toMatchObject({ judge: 'fake', answered: 3, answersWanted: 0 })
  // What was answered before is not asked again, though the split was saved anew.
  await one.save({ rule: 'any' })
  await openParts(effects)
  expect(await one.runs()).toHaveLength(1)
})

test('the limit of money holds for all that is asked below a question about an episode', async () => {
  const one = await splitBench('money', { usdMax: 0.01 }, { episodes: 2 })
  await one.save()
  await openParts(effects)
  const [opened] = await one.openings()
  const each = opened?.usdMax ?? 0
  expect([each > 0.005, each < 0.01, opened?.leftOut.length]).toEqual([true, true, 1])
  const [run] = await one.runs()
  expect(await one.answer(run?.id)).toBe('done')
  expect(asked()).toHaveLength(2)
  // Saved anew, what was spent still counts.
  await one.save({ rule: 'any' })
  await openParts(effects)
  for (const { usdMax, leftOut } of await one.openings())
    expect([usdMax === 0 || usdMax === each, leftOut.length]).toEqual([true, 1])
  expect(await one.runs()).toHaveLength(1)
  expect((await one.report()).trees[0]?.leftOut).toBe(4)
})

test('a judge without a price, or of another project, answers no parts', async () => {
  const one = await splitBench('unpriced', {}, { judge: { usdPerMillion: undefined } })
  expect(await one.save()).toMatchObject({
    status: 422,
    body: { detail: 'The price of this judge is not known, so no limit of cost can hold.' },
  })
  const other = await splitBench('other', {})
  expect((await one.save({ judge: other.judge.id })).status).toBe(404)
})
