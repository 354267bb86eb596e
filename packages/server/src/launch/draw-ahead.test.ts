import { expect, test } from 'vitest'
import { drawAhead } from './draw-ahead.ts'

/** Counts up, so that it can be seen which bytes were drawn. */
function counted() {
  let next = 0
  return (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = next++ % 251
  }
}

test('every byte is handed out once, and what is handed out stays as it is', () => {
  const draw = drawAhead(counted())
  const given = Array.from({ length: 2_000 }, () => draw(16))
  const bytes = given.flatMap((one) => [...one])
  expect(bytes).toEqual(Array.from(bytes, (_, at) => at % 251))
})

test('any length is whole', () => {
  const draw = drawAhead(counted())
  for (const length of [0, 1, 6, 4_095, 4_096, 4_097, 10_000]) {
    const bytes = draw(length)
    expect(bytes.length).toBe(length)
    for (let at = 1; at < length; at++) expect(bytes[at]).toBe(((bytes[at - 1] as number) + 1) % 251)
  }
})
