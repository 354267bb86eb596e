import { expect, test } from 'vitest'
import { breaker } from './breaker.ts'

function world() {
  let nowMs = 0
  let opened = 0
  const made = breaker(
    () => nowMs,
    () => {
      opened += 1
    },
  )
  const fail = (times: number) => {
    for (let at = 0; at < times; at++) {
      expect(made.enter()).toBe(true)
      made.failed()
    }
  }
  return { made, fail, wait: (ms: number) => (nowMs += ms), opened: () => opened }
}

test('calls are stopped after five failures in a row, and not after four', () => {
  const { made, fail, opened } = world()
  fail(4)
  made.worked()
  fail(5)
  expect([made.enter(), opened(), made.waitMs()]).toEqual([false, 1, 10_000])
})

test('after ten seconds one call tries; where it fails all wait again, where it works all go on', () => {
  const { made, fail, wait } = world()
  fail(5)
  wait(10_000)
  expect([made.enter(), made.enter()]).toEqual([true, false])
  made.failed()
  expect(made.enter()).toBe(false)
  wait(10_000)
  expect(made.enter()).toBe(true)
  made.worked()
  expect([made.enter(), made.enter()]).toEqual([true, true])
})

test('a try that nobody waited for lets the next one try', () => {
  const { made, fail, wait } = world()
  fail(5)
  wait(10_000)
  expect(made.enter()).toBe(true)
  made.left()
  expect(made.enter()).toBe(true)
})
