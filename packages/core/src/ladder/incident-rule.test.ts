import { expect, test } from 'vitest'
import { SEVERITIES } from '../critiques/claim.ts'
import { rollsBack } from './incident-rule.ts'

test('major and critical incidents roll back, minor ones do not', () => {
  expect(SEVERITIES.map((severity) => [severity, rollsBack(severity)])).toEqual([
    ['minor', false],
    ['major', true],
    ['critical', true],
  ])
})
