import { expect, test } from 'vitest'
import { breaker, type Entered } from './breaker.ts'

function world() {
  let nowMs = 0
  let opened = 0
  const made = breaker(
    () => nowMs,
    () => {
      opened += 1
    },
  )
  const enter = (): Entered => {
    const call = made.enter()
    if (call === null) throw new Error('calls are stopped')
    return call
  }
  const fail = (times: number) => {
    for (let at = 0; at < times; at++) enter().failed()
  }
  return { made, enter, fail, wait: (ms: number) => (nowMs += ms), opened: () => opened }
}

test('calls are stopped after five failures in a row, and not after four', () => {
  const { made, enter, fail, opened } = world()
  fail(4)
  enter().worked()
  fail(5)
  expect([made.enter(), opened(), made.waitMs()]).toEqual([null, 1, 10_000])
})

test('after ten seconds one call tries; where it fails all wait again, where it works all go on', () => {
  const { made, enter, fail, wait } = world()
  fail(5)
  wait(10_000)
  const trial = enter()
  expect(made.enter()).toBeNull()
  trial.failed()
  expect(made.enter()).toBeNull()
  wait(10_000)
  enter().worked()
  fail(4)
  expect(made.enter()).not.toBeNull()
})

test('a try that nobody waited for lets the next one try', () => {
  const { made, enter, fail, wait } = world()
  fail(5)
  wait(10_000)
  enter().left()
  expect(made.enter()).not.toBeNull()
})

test('an answer that begins lets others call; one that is cut is a failure, however well it began', () => {
  const { made, enter, fail, wait } = world()
  for (let at = 0; at < 5; at++) {
    const call = enter()
    call.began()
    call.failed()
  }
  expect(made.enter()).toBeNull()
  wait(10_000)
  const trial = enter()
  trial.began()
  expect(made.enter()).not.toBeNull()
  trial.failed()
  expect(made.enter()).toBeNull()
  wait(10_000)
  enter().worked()
  fail(4)
  expect(made.enter()).not.toBeNull()
})

test.each(['worked', 'began', 'failed', 'left'] as const)(
  'a call from before the stop says nothing of the one that tries: it %s',
  (ends) => {
    const { made, enter, fail, wait, opened } = world()
    const old = enter()
    fail(5)
    wait(10_000)
    const trial = enter()
    old[ends]()
    expect([made.enter(), opened()]).toEqual([null, 1])
    trial.worked()
    expect(made.enter()).not.toBeNull()
  },
)
