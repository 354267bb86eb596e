import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherGroup } from './gather-group.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function group(underWay: number) {
  const state = { waiting: 1, gone: false }
  const gathering = gatherGroup(
    () => state.waiting,
    () => underWay,
  )
  const wait = (last: number) =>
    gathering.wait(last).then(() => {
      state.gone = true
    })
  const come = () => {
    state.waiting += 1
    gathering.came()
  }
  return { state, wait, come }
}

test('whoever is alone goes at once, whoever comes alone with what the network brought', async () => {
  const alone = group(1)
  void alone.wait(2)
  await Promise.resolve()
  expect(alone.state.gone).toBe(true)
  const { state, wait } = group(50)
  void wait(1)
  await Promise.resolve()
  expect(state.gone).toBe(false)
  await turn()
  await turn()
  expect(state.gone).toBe(true)
})

test('where many come it waits for those under way, and goes when the last of them has come', async () => {
  const { state, wait, come } = group(3)
  void wait(2)
  await turn()
  come()
  await turn()
  expect(state.gone).toBe(false)
  come()
  await turn()
  expect(state.gone).toBe(true)
})

test('it waits for nobody who has come already, nor for ever', async () => {
  const both = group(1)
  void both.wait(2)
  await turn()
  await turn()
  expect(both.state.gone).toBe(true)
  const never = group(3)
  void never.wait(2)
  await turn()
  await vi.advanceTimersByTimeAsync(1)
  expect(never.state).toEqual({ waiting: 1, gone: true })
})
