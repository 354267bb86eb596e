import { expect, test } from 'vitest'
import { isSameFamily } from './policy-family.ts'

const supervisor = { family: 'Llama-3', definition: { model: 'llama-3-8b' }, config: { base: 'llama' } }

test.each([
  [{ family: 'llama-3' }, true],
  [{ base: ' LLAMA ' }, true],
  [{ family: 'mistral', model: 'llama-3-8b' }, true],
  [{ family: 'mistral', model: 'mistral-7b' }, false],
  // Nobody said of what family it is: a name of a model alone tells nothing.
  [{ model: 'mistral-7b' }, true],
  [{}, true],
  [null, true],
  [{ family: 3 }, true],
])('a charge of %j: %s', (config, same) => {
  expect(isSameFamily(supervisor, config)).toBe(same)
})
