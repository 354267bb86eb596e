import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { projects } from '../projects/tables.ts'
import { TEST_START, testDatabase, testEffects } from './database.ts'

const database = await testDatabase()
const other = await testDatabase()
afterAll(database.close)
afterAll(other.close)

test('a test database has the tables, and its rows are its own', async () => {
  const effects = testEffects(database.db)
  await effects.db.insert(projects).values({
    id: effects.newId(),
    slug: 'one',
    name: 'One',
    retentionDays: null,
    redaction: [],
    createdAt: effects.now(),
  })
  expect(await database.db.select().from(projects)).toHaveLength(1)
  expect(await other.db.select().from(projects)).toHaveLength(0)
})

test('an empty test database has no tables', async () => {
  const empty = await testDatabase({ empty: true })
  const found = await empty.db.execute(sql`select 1 from pg_tables where schemaname = 'public'`)
  expect(found.rows).toHaveLength(0)
  await empty.close()
})

test('test effects repeat: same seed, same ids and bytes; the clock moves when told', () => {
  const one = testEffects(database.db)
  const two = testEffects(database.db)
  expect(one.newId()).toBe(two.newId())
  expect(one.randomBytes(32)).toEqual(two.randomBytes(32))
  const ids = [one.newId(), one.newId(), one.newId()]
  expect([...ids].sort()).toEqual(ids)
  expect(testEffects(database.db, { seed: 'other' }).newId()).not.toBe(testEffects(database.db).newId())
  one.advance(1_500)
  expect(one.now().getTime() - TEST_START.getTime()).toBe(1_500)
})
