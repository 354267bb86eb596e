import { expect, test } from 'vitest'
import { horizon } from './horizon.ts'

test('good on short tasks, bad on long ones: promoted on the first, never loosened on the second', () => {
  const rows = horizon({ climbs: 12, longBlocksMax: 400 })
  const row = (start: string) => rows.find(({ world }) => world.startsWith(start))
  for (const climbs of rows) expect(climbs.reached, climbs.world).toBe(12)
  expect(row('25 points worse on long')).toMatchObject({ loosened: 0, rolledBack: 12 })
  expect(row('10 points worse')).toMatchObject({ loosened: 0 })
  // What the rule of one region's evidence is for: without it every climb is loosened.
  expect(row('25 points worse, evidence of all')).toMatchObject({ loosened: 12 })
})
