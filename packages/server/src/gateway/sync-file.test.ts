import { expect, test } from 'vitest'
import { syncFile } from './sync-file.ts'

/** A disk that takes as long as it is told to, and a clock that knows. */
function disk() {
  const state = { nowMs: 0, takesMs: 0.1, where: [] as string[], fails: false }
  const broken = () => new Error('input/output error')
  const sync = syncFile(() => state.nowMs, {
    here() {
      state.where.push('here')
      state.nowMs += state.takesMs
      if (state.fails) throw broken()
    },
    elsewhere(_, done) {
      state.where.push('elsewhere')
      done(state.fails ? broken() : null)
    },
  })
  const take = async () => {
    await sync(3)
    return state.where.at(-1)
  }
  return { state, take }
}

test('a fast disk is waited for here, a slow one elsewhere', async () => {
  const { state, take } = disk()
  expect(await take()).toBe('here')
  state.takesMs = 12
  // That it is slow is known afterwards.
  expect(await take()).toBe('here')
  expect(await take()).toBe('elsewhere')
})

test('one slow sync among fast ones makes no slow disk, several do', async () => {
  const { state, take } = disk()
  const places: (string | undefined)[] = []
  for (let syncs = 0; syncs < 100; syncs++) {
    state.takesMs = syncs % 10 === 9 ? 4 : 0.1
    places.push(await take())
  }
  expect(new Set(places)).toEqual(new Set(['here']))
  state.takesMs = 4
  for (let syncs = 0; syncs < 3; syncs++) await take()
  expect(await take()).toBe('elsewhere')
})

test('whether it is fast again is found out after a second, and less often each time that it is not', async () => {
  const { state, take } = disk()
  state.takesMs = 12
  await take()
  const waits: number[] = []
  for (let turns = 0; turns < 9; turns++) {
    const fromMs = state.nowMs
    while ((await take()) === 'elsewhere') state.nowMs += 100
    waits.push(Math.round((state.nowMs - fromMs - state.takesMs) / 1_000))
  }
  expect(waits).toEqual([1, 2, 4, 8, 8, 8, 8, 8, 8])
  state.takesMs = 0.1
  state.nowMs += 8_000
  for (let syncs = 0; syncs < 12; syncs++) expect(await take()).toBe('here')
  // And is believed anew.
  state.takesMs = 12
  await take()
  state.nowMs += 1_001
  expect(await take()).toBe('here')
})

test('what the system says goes on, from either', async () => {
  const { state, take } = disk()
  state.fails = true
  await expect(take()).rejects.toThrow('input/output error')
  state.fails = false
  state.takesMs = 12
  await take()
  state.fails = true
  await expect(take()).rejects.toThrow('input/output error')
  expect(state.where.at(-1)).toBe('elsewhere')
})
