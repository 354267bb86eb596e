import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { restoreBackup } from '../backup/restore-backup.ts'
import { writeBackup } from '../backup/write-backup.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { recomputeCheck } from '../releases/check-release.ts'
import { checks, releases } from '../releases/tables.ts'
import { testDatabase, testEffects } from '../testing/database.ts'
import { loadDemo } from './load-demo.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-restored-'))
const [source, target] = await Promise.all([testDatabase(), testDatabase({ empty: true })])

afterAll(async () => {
  await source.close()
  await target.close()
  rmSync(folder, { recursive: true })
})

test('after backup and restore every check recomputes to the same e-values, and the ledger is intact', async () => {
  const effects = testEffects(source.db)
  await loadDemo(effects)
  const file = join(folder, 'demo.backup')
  await writeBackup(source.url, file, { now: effects.now() })
  await restoreBackup(target.url, file)

  const restored = await target.db.select().from(releases)
  const recorded = await target.db.select().from(checks)
  expect(restored).toHaveLength(3)
  expect(recorded.length).toBeGreaterThan(20)
  for (const check of recorded) {
    const release = restored.find(({ id }) => id === check.releaseId)
    if (release === undefined) throw new Error('a check without its release')
    const { recorded: before, again, sameRows } = await recomputeCheck(target.db, release, check.id)
    expect(sameRows).toBe(true)
    expect(again).toEqual(before)
  }
  expect(await verifyLedger(testEffects(target.db), restored[0]?.projectId ?? '')).toMatchObject({
    intact: true,
  })
})
