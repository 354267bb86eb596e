/** Answers about episodes, as a real receiver gets them. */
import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { testDatabase, testEffects } from '../testing/database.ts'
import { otlpReceiver } from '../testing/otlp-receiver.ts'
import { answer, PERFECT, rater, world } from '../testing/rated-world.ts'
import { startTelemetry } from './start-telemetry.ts'
import { tellAnswers } from './tell-answers.ts'
import { tracesSampler } from './traces-sampler.ts'

const receiver = await otlpReceiver()
const telemetry = startTelemetry(pino({ level: 'silent' }), {
  endpoint: receiver.url,
  headers: {},
  instanceId: 'one',
  sampler: tracesSampler('always_on', 1),
})
const database = await testDatabase()
const effects = testEffects(database.db)
const rated = await world(effects, { old: 0.5, candidate: 0.5, units: 40, seed: 1 })
const ada = await rater(effects, rated, 'Ada Lovelace', 'expert')
afterAll(async () => {
  await telemetry.stop()
  await database.close()
  await receiver.close()
})
const tell = async () => {
  await tellAnswers(effects, telemetry.events)
  await telemetry.flush()
  return receiver.events.length
}

test('answers are told once by the conventions, whichever server tells them, and never those of before', async () => {
  const [early, ...later] = rated.arms.old.episodes
  await answer(effects, rated, ada, PERFECT, early === undefined ? [] : [early])
  effects.advance(60_000)
  expect(await tell()).toBe(0)
  await answer(effects, rated, ada, PERFECT, later)
  // Not before what is inserted beside them is there, too.
  effects.advance(9_000)
  expect(await tell()).toBe(0)
  effects.advance(2_000)
  await Promise.all(Array.from({ length: 6 }, () => tellAnswers(effects, telemetry.events)))
  expect(await tell()).toBe(39)
  expect(receiver.events[0]).toEqual({
    name: 'gen_ai.evaluation.result',
    attributes: {
      'gen_ai.evaluation.name': 'root',
      'gen_ai.evaluation.score.label': expect.stringMatching(/^(yes|no)$/),
      'gen_ai.agent.name': 'retail',
      'leeway.episode.id': later[0]?.id,
      'leeway.rating.id': expect.any(String),
      'leeway.rater.kind': 'human',
    },
  })
  const told = new Map(
    receiver.events.map(({ attributes }) => [
      attributes['leeway.episode.id'],
      attributes['gen_ai.evaluation.score.label'],
    ]),
  )
  expect(later.every(({ id, failed }) => told.get(id) === (failed ? 'no' : 'yes'))).toBe(true)
  expect(receiver.raw()).not.toMatch(/Ada|Lovelace|old|new/)
})

test('more than one reading takes are told all', async () => {
  const bob = await rater(effects, rated, 'Bob', 'vetted')
  const all = Array.from({ length: 30 }, () => rated.arms.new.episodes).flat()
  let number = 0
  // Answers to made-up questions: one a rater, episode and question is all that may be there.
  for (let from = 0; from < all.length; from += 40)
    await answer(
      effects,
      { ...rated, sha256: `question-${number++}` },
      bob,
      PERFECT,
      all.slice(from, from + 40),
    )
  effects.advance(11_000)
  const before = receiver.events.length
  expect((await tell()) - before).toBe(1_200)
})
