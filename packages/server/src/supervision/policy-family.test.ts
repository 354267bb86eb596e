import { expect, test } from 'vitest'
import { kinshipOf } from './policy-family.ts'

const supervisor = { family: 'Llama-3', definition: { model: 'llama-3-8b' }, config: { base: 'llama' } }

test.each([
  [{ family: 'llama-3' }, 'kin'],
  [{ base: ' LLAMA ' }, 'kin'],
  [{ family: 'mistral', model: 'llama-3-8b' }, 'kin'],
  [{ model: 'llama-3-8b' }, 'kin'],
  [{ family: 'mistral', model: 'mistral-7b' }, 'other'],
  // Nobody said of what family it is: a name of a model alone tells nothing.
  [{ model: 'mistral-7b' }, 'undeclared'],
  [{}, 'undeclared'],
  [null, 'undeclared'],
  [{ family: 3 }, 'undeclared'],
] as const)('a policy of %j: %s', (config, same) => {
  expect(kinshipOf(supervisor)(config)).toBe(same)
})
