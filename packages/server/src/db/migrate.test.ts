import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'

async function emptyDatabase() {
  const database = await testDatabase({ empty: true })
  onTestFinished(database.close)
  return database
}

test('an empty database gets every file once; a second run finds nothing to do', async () => {
  const { db, url } = await emptyDatabase()
  const names = readMigrations().map(({ name }) => name)
  expect(names[0]).toBe('0000_first')
  expect((await migrate(url)).applied).toEqual(names)
  expect((await migrate(url)).applied).toEqual([])
  const found = await db.execute<{ name: string }>(sql`select name from leeway_migrations order by name`)
  expect(found.rows.map(({ name }) => name)).toEqual(names)
})

test('of servers that migrate at once, each file is applied by exactly one', async () => {
  const { url } = await emptyDatabase()
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => migrate(url)))
  const applied = outcomes.flatMap((outcome) => outcome.applied)
  expect(applied).toEqual(readMigrations().map(({ name }) => name))
})

test('a server older than the schema refuses with one line', async () => {
  const { db, url } = await emptyDatabase()
  await migrate(url)
  await db.execute(sql`insert into leeway_migrations (name, sha256) values ('9999_later', 'x')`)
  const refusal = await migrate(url).catch((error: Error) => error)
  expect(refusal).toMatchObject({
    name: 'LaunchError',
    message: expect.stringContaining('9999_later, which this Leeway does not know'),
  })
  expect((refusal as Error).message).not.toContain('\n')
})

test('a file that was changed after it was applied is refused', async () => {
  const { url } = await emptyDatabase()
  const [first, ...rest] = readMigrations() as [Migration, ...Migration[]]
  await migrate(url, [first])
  await expect(migrate(url, [{ ...first, sha256: 'f'.repeat(64) }, ...rest])).rejects.toThrow(
    /0000_first was changed after this database applied it/,
  )
})

test('a file that fails leaves nothing of itself, and those before it stay', async () => {
  const { db, url } = await emptyDatabase()
  const good = { name: '0000_good', sql: 'create table good (id int)', sha256: 'a' }
  const bad = { name: '0001_bad', sql: 'create table half (id int); select 1/0;', sha256: 'b' }
  await expect(migrate(url, [good, bad])).rejects.toThrow('The migration 0001_bad failed: division by zero')
  const found = await db.execute<{ good: string | null; half: string | null }>(
    sql`select to_regclass('good')::text as good, to_regclass('half')::text as half`,
  )
  expect(found.rows[0]).toEqual({ good: 'good', half: null })
  expect((await migrate(url, [good, { ...bad, sql: 'create table half (id int)' }])).applied).toEqual([
    '0001_bad',
  ])
})

test('tiers of raters that were set before they were renamed keep their meaning, and stay facts', async () => {
  const { db, url } = await emptyDatabase()
  const all = readMigrations()
  const at = all.findIndex(({ name }) => name === '0006_vetting')
  await migrate(url, all.slice(0, at))
  await db.execute(sql`
    with project as (
      insert into projects (id, slug, name, redaction, created_at)
      values (gen_random_uuid(), 'p', 'P', '{}', now()) returning id
    )
    insert into rater_tiers (project_id, rater_id, id, tier, reason, actor, at)
    select id, gen_random_uuid(), gen_random_uuid(), tier, 'why', 'person:a', now()
    from project, unnest(array['untrusted', 'trusted', 'suspended']) as tier`)
  await migrate(url, all)
  const { rows } = await db.execute<{ tier: string }>(sql`select tier from rater_tiers order by tier`)
  expect(rows.map(({ tier }) => tier)).toEqual(['suspended', 'trainee', 'vetted'])
  await expect(db.execute(sql`update rater_tiers set tier = 'expert'`)).rejects.toThrow()
})
