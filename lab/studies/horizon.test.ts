import { expect, test } from 'vitest'
import { horizon } from './horizon.ts'

test('good on short tasks, bad on long ones: promoted on the first, never loosened on the second', () => {
  const rows = horizon({ climbs: 12, longBlocksMax: 400 })
  const row = (start: string) => rows.find(({ world }) => world.startsWith(start))
  for (const climbs of rows) expect(climbs.reached, climbs.world).toBe(12)
  // What the rule of one region's evidence is for: without it every climb is loosened.
  expect(row('25 points worse on long')).toMatchObject({
    loosened: 0,
    rolledBack: 12,
    naive: { wrongly: 12 },
  })
  expect(row('10 points worse')).toMatchObject({ loosened: 0, naive: { wrongly: 12 } })
  expect(row('15 points better')).toMatchObject({ loosenedByOracle: 12, loosened: 12, wrongly: 0 })
  expect(row('30 points worse to 20 better')?.wrongly).toBe(0)
  expect(row('30 points worse to 20 better')?.naive.wrongly).toBeGreaterThan(0)
  // Where the method should lose: lengths stated wrongly are believed.
  expect(row('25 points worse, every other')?.wrongly).toBeGreaterThan(0)
})
