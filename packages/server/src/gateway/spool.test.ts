import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSpool, type Spool, SpoolRefusal } from './spool.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leeway-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (options: { bytesMax?: number; segmentBytes?: number } = {}) =>
  openSpool({ directory, bytesMax: 1 << 20, ...options })
const record = (id: number) => ({ id: `r${id}`, text: `line\nbreak ${id} 🙂` })
const fill = (spool: Spool, from: number, to: number) =>
  Promise.all(Array.from({ length: to - from }, (_, i) => spool.append(record(from + i))))
function drain(spool: Spool): string[] {
  const ids: string[] = []
  for (let batch = spool.unshipped(1_000); batch !== null; batch = spool.unshipped(1_000)) {
    ids.push(...batch.records.map(({ id }) => id))
    spool.shipped(batch)
  }
  return ids
}
const ids = (to: number) => Array.from({ length: to }, (_, i) => `r${i}`)
const files = () => readdirSync(directory).sort()

test('what was acknowledged is read back in order, once, over as many segments as it takes', async () => {
  const spool = open({ segmentBytes: 500 })
  await fill(spool, 0, 30)
  for (let at = 30; at < 60; at++) await spool.append(record(at))
  expect(files().length).toBeGreaterThan(2)
  expect(drain(spool)).toEqual(ids(60))
  expect(spool.unshipped(1_000)).toBeNull()
  expect(spool.waiting().bytes).toBe(0)
  await spool.close()
})

test('a record comes back as it was', async () => {
  const spool = open()
  await spool.append(record(1))
  expect(spool.unshipped(1_000)?.records).toEqual([record(1)])
  await spool.close()
})

test('records longer than a batch come one by one', async () => {
  const spool = open()
  const long = { id: 'long', text: 'x'.repeat(5_000) }
  await spool.append(record(0))
  await spool.append(long)
  await spool.append(record(1))
  const batches: string[][] = []
  for (let batch = spool.unshipped(100); batch !== null; batch = spool.unshipped(100)) {
    batches.push(batch.records.map(({ id }) => id))
    spool.shipped(batch)
  }
  expect(batches.flat()).toEqual(['r0', 'long', 'r1'])
  expect(batches.length).toBeGreaterThan(1)
  await spool.close()
})

test('what was not shipped is there after a restart, and its segments go when it is', async () => {
  const first = open({ segmentBytes: 400 })
  await fill(first, 0, 20)
  const batch = first.unshipped(300)
  if (batch === null) throw new Error('nothing waits')
  first.shipped(batch)
  await first.close()
  const second = open()
  await second.append(record(20))
  // Shipping twice is for the database to notice; losing is not to be mended.
  expect(new Set(drain(second))).toEqual(new Set(ids(21)))
  expect(files()).toHaveLength(1)
  await second.close()
})

test('a broken end, as a crash leaves it, takes nothing with it', async () => {
  const first = open()
  await fill(first, 0, 3)
  await first.close()
  const path = join(directory, files()[0] as string)
  appendFileSync(path, '0badf00d {"id":"half')
  const second = open()
  await second.append(record(3))
  expect(drain(second)).toEqual(ids(4))
  expect(second.waiting().damagedLines).toBe(0)
  await second.close()
})

test('a line that changed on disk is not shipped, and is counted', async () => {
  const first = open()
  await first.append(record(0))
  await first.append(record(1))
  await first.close()
  const path = join(directory, files()[0] as string)
  writeFileSync(path, readFileSync(path, 'utf8').replace('break 0', 'break 9'))
  const second = open()
  expect(drain(second)).toEqual(['r1'])
  expect(second.waiting().damagedLines).toBe(1)
  await second.close()
})

test('a full spool refuses, and takes again when something was shipped', async () => {
  const spool = open({ bytesMax: 200 })
  await spool.append(record(0))
  await expect(fill(spool, 1, 10)).rejects.toThrow(SpoolRefusal)
  drain(spool)
  await spool.append(record(1))
  await spool.close()
  await expect(spool.append(record(2))).rejects.toThrow('closed')
})

test('a disk that cannot be written promises nothing more', async () => {
  const spool = open()
  rmSync(directory, { recursive: true })
  await expect(spool.append(record(0))).rejects.toThrow(SpoolRefusal)
  await expect(spool.append(record(1))).rejects.toThrow(SpoolRefusal)
  await spool.close()
})
