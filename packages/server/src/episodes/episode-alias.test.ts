import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { episodeAliases } from './episode-alias.ts'

const aliases = episodeAliases(randomBytes(32))

test('an alias leads back to its id, and is a UUID like any other', () => {
  for (let time = 0; time < 200; time++) {
    const id = v7()
    const alias = aliases.aliasOf('p', id)
    expect(z.uuid().safeParse(alias).success).toBe(true)
    expect(aliases.idOf('p', alias)).toBe(id)
    expect(aliases.aliasOf('p', id)).toBe(alias)
  }
})

test('aliases do not follow the time of the ids, and another project or key gives others', () => {
  const ids = Array.from({ length: 300 }, (_, index) => v7({ msecs: 1_700_000_000_000 + index * 1000 }))
  const order = ids.map((id) => aliases.aliasOf('p', id))
  const rising = order.filter((alias, index) => index > 0 && alias > (order[index - 1] ?? '')).length
  expect(rising).toBeGreaterThan(100)
  expect(rising).toBeLessThan(200)
  const [id = ''] = ids
  expect(aliases.aliasOf('q', id)).not.toBe(aliases.aliasOf('p', id))
  expect(episodeAliases(randomBytes(32)).aliasOf('p', id)).not.toBe(aliases.aliasOf('p', id))
})

test('an id is no alias', () => {
  expect(aliases.idOf('p', v7())).toBeNull()
  expect(aliases.idOf('p', 'nonsense')).toBeNull()
})
