import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { roomAhead } from './room-ahead.ts'
import { openSpool, type Spool, SpoolRefusal } from './spool.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leeway-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (options: { bytesMax?: number; segmentBytes?: number } = {}) =>
  openSpool({ directory, bytesMax: 1 << 20, ...options })
const record = (id: number) => `r${id}\tbreak ${id} 🙂`
const idOf = (text: string) => text.split('\t', 1)[0] as string
const fill = (spool: Spool, from: number, to: number) =>
  Promise.all(Array.from({ length: to - from }, (_, i) => spool.append(record(from + i))))
function drain(spool: Spool): string[] {
  const ids: string[] = []
  for (let batch = spool.unshipped(1_000); batch !== null; batch = spool.unshipped(1_000)) {
    ids.push(...batch.records.map(idOf))
    spool.shipped(batch)
  }
  return ids
}
const ids = (to: number) => Array.from({ length: to }, (_, i) => `r${i}`)
const files = () =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.spool'))
    .sort()

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
  const long = `long\t${'x'.repeat(5_000)}`
  await spool.append(record(0))
  await spool.append(long)
  await spool.append(record(1))
  const batches: string[][] = []
  for (let batch = spool.unshipped(100); batch !== null; batch = spool.unshipped(100)) {
    batches.push(batch.records.map(idOf))
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

/** Until a segment that was made before it was needed is written to: its file is as long as its room. */
async function withRoom(spool: Spool, segmentBytes: number, from: number): Promise<number> {
  for (let at = from; ; at++) {
    await spool.append(record(at))
    const newest = statSync(join(directory, files().at(-1) as string))
    if (newest.size === segmentBytes) return at + 1
    if (at > from + 5_000) throw new Error('no segment had room')
  }
}

test('records over room made ahead: in order, once, bounded by what was written, and there after a restart', async () => {
  const [segmentBytes, bytesMax] = [1 << 20, 600_000]
  const first = open({ segmentBytes, bytesMax })
  const next = await withRoom(first, segmentBytes, 0)
  // The room is no record: nothing of it waits, and nothing of it counts.
  expect(first.waiting().bytes).toBeLessThan(next * 60)
  expect(drain(first)).toEqual(ids(next))
  await fill(first, next, next + 50)
  const [path] = files().slice(-1)
  // As a crash leaves it: the room is still there.
  const left = readFileSync(join(directory, path as string))
  await first.close()
  writeFileSync(join(directory, path as string), left)
  expect(left.length).toBe(segmentBytes)
  const second = open({ segmentBytes, bytesMax })
  expect(second.waiting().bytes).toBe(left.lastIndexOf('\n') + 1)
  expect(drain(second)).toEqual(expect.arrayContaining(ids(next + 50).slice(next)))
  expect(second.waiting()).toEqual({ bytes: 0, damagedLines: 0 })
  await second.close()
})

test('wherever power is lost in the last line, what was acknowledged before it is there', async () => {
  const segmentBytes = 1 << 20
  const first = open({ segmentBytes })
  const next = await withRoom(first, segmentBytes, 0)
  await fill(first, next, next + 2)
  await first.append('last\tx')
  await first.close()
  const path = join(directory, files().at(-1) as string)
  const whole = readFileSync(path)
  const end = whole.lastIndexOf('\n') + 1
  const start = whole.lastIndexOf('\n', end - 2) + 1
  for (let cut = start; cut < end; cut++) {
    for (const kept of ['beginning', 'end'] as const) {
      const torn = Buffer.from(whole)
      if (kept === 'beginning') torn.fill(0, cut, end)
      else torn.fill(0, start, cut + 1)
      writeFileSync(path, torn)
      const second = open({ segmentBytes })
      const found = drain(second)
      expect(found.slice(-2), `${kept} at ${cut - start}`).toEqual([`r${next}`, `r${next + 1}`])
      expect(second.waiting().damagedLines).toBe(0)
      await second.close()
      writeFileSync(path, whole)
    }
  }
}, 60_000)

test('zeros before a whole line are damage', async () => {
  const first = open()
  await fill(first, 0, 3)
  await first.close()
  const path = join(directory, files()[0] as string)
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0, 0, bytes.indexOf('\n')))
  const second = open()
  expect(drain(second)).toEqual(['r1', 'r2'])
  expect(second.waiting().damagedLines).toBe(1)
  await second.close()
})

test('where no room can be made there is none, and nothing is left behind', async () => {
  const nowhere = roomAhead(join(directory, 'gone'), 1_000)
  nowhere.make()
  await expect.poll(() => readdirSync(directory)).toEqual([])
  expect([nowhere.isReady(), nowhere.take(join(directory, 'a'))]).toEqual([false, null])
  await nowhere.close()
  const spool = open({ segmentBytes: 2_000 })
  await spool.append(record(0))
  await spool.close()
  expect(readdirSync(directory)).toEqual(files())
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
