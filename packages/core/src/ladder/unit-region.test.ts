import { expect, test } from 'vitest'
import { DEFAULT_LADDER } from './default-ladder.ts'
import { regionKey } from './ladder.ts'
import { unitPlace } from './unit-region.ts'

const stageOf = (name: string) => DEFAULT_LADDER.stages.findIndex((stage) => stage.name === name)
const regionOf = (name: string) => regionKey(DEFAULT_LADDER.stages[stageOf(name)]!.region)

test('on the short stages what is short, or of unknown length, is inside; what is long is the baseline’s', () => {
  for (const name of ['shadow', 'sample-2']) {
    const stage = stageOf(name)
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 100, stakes: null })).toEqual({
      kind: 'inside',
      region: regionOf(name),
    })
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: null, stakes: null }).kind).toBe('inside')
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 101, stakes: null }).kind).toBe('beyond')
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 5, stakes: 'costly' }).kind).toBe('beyond')
  }
})

test('on the long stages only what is longer than before is inside', () => {
  for (const name of ['long-review-all', 'long-sample-10']) {
    const stage = stageOf(name)
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 101, stakes: null })).toEqual({
      kind: 'inside',
      region: regionOf('long-review-all'),
    })
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 100, stakes: null })).toEqual({
      kind: 'covered',
      region: regionOf('shadow'),
    })
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: null, stakes: null }).kind).toBe('covered')
    expect(unitPlace(DEFAULT_LADDER, stage, { steps: 401, stakes: null }).kind).toBe('beyond')
  }
})

test('on the costly stages only what is costly is inside, whatever its length', () => {
  const stage = stageOf('costly-review-all')
  expect(unitPlace(DEFAULT_LADDER, stage, { steps: 5, stakes: 'costly' })).toEqual({
    kind: 'inside',
    region: regionOf('costly-review-all'),
  })
  expect(unitPlace(DEFAULT_LADDER, stage, { steps: 300, stakes: 'reversible' }).kind).toBe('covered')
  expect(unitPlace(DEFAULT_LADDER, stage, { steps: 300, stakes: 'irreversible' }).kind).toBe('beyond')
})

test('a stage that widens only the KL is about all units that were allowed before', () => {
  const [first] = DEFAULT_LADDER.stages
  if (!first) throw new Error('the default ladder is empty')
  const wider = { ...first, name: 'wider', region: { ...first.region, klNatsMax: 5 } }
  const ladder = { ...DEFAULT_LADDER, stages: [first, wider] }
  expect(unitPlace(ladder, 1, { steps: 10, stakes: null })).toEqual({
    kind: 'inside',
    region: regionKey(wider.region),
  })
})
