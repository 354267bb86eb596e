import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { deadline } from './deadline.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void
const ended = (signal: AbortSignal) =>
  new Promise<string>((done) => {
    signal.addEventListener('abort', () => done(signal.reason.name))
  })

test('time ends it, also where memory is collected meanwhile and nobody holds on to it', async () => {
  const running = new AbortController()
  const all = Promise.all(Array.from({ length: 20 }, () => ended(deadline(100, running.signal).signal)))
  for (let round = 0; round < 5; round++) {
    await wait(10)
    collect()
  }
  const late = wait(5_000, 'never', { ref: false })
  expect(await Promise.race([all, late])).toEqual(Array.from({ length: 20 }, () => 'TimeoutError'))
})

test('so does the other signal, which is not time', async () => {
  const running = new AbortController()
  const { signal, isOver } = deadline(60_000, running.signal)
  const name = ended(signal)
  running.abort(new DOMException('gone', 'AbortError'))
  expect(await name).toBe('AbortError')
  expect(isOver()).toBe(false)
  expect(deadline(60_000, running.signal).signal.aborted).toBe(true)
})

test('what was cleared ends neither way', async () => {
  const running = new AbortController()
  const { signal, isOver, clear } = deadline(5, running.signal)
  clear()
  await wait(30)
  running.abort()
  expect([signal.aborted, isOver()]).toEqual([false, false])
})
