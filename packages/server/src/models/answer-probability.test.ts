import { expect, test } from 'vitest'
import { answerProbability } from './answer-probability.ts'

const tokens = (...pieces: readonly (readonly [string, number])[]) =>
  pieces.map(([token, probability]) => ({ token, logprob: Math.log(probability) }))

test('is the product over the tokens of the answer, and of no other', () => {
  const text = '{"reason":"say \\"answer\\": \\"no\\"","steps":[1],"answer":"yes"}'
  const pieces = tokens(
    ['{"reason":"say \\"answer\\": \\"no\\"', 0.1],
    ['","steps":[1],"answer":"', 0.2],
    ['y', 0.8],
    ['es', 0.5],
    ['"}', 0.3],
  )
  expect(answerProbability(text, pieces)).toBeCloseTo(0.4, 12)
})

test('a number, a nested answer and a repeated key are told apart', () => {
  const text = '{"x":{"answer":"no"},"answer":1,"answer":2.5}'
  const pieces = tokens(
    ['{"x":{"answer":"no"},"answer":', 0.1],
    ['1', 0.2],
    [',"answer":', 0.3],
    ['2.5', 0.7],
    ['}', 0.5],
  )
  expect(answerProbability(text, pieces)).toBeCloseTo(0.7, 12)
})

test('a character in two tokens is joined by its bytes', () => {
  const text = '{"answer":"é"}'
  const [first, second] = Buffer.from('é')
  const pieces = [
    { token: '{"answer":"', logprob: 0 },
    { token: '\ufffd', logprob: Math.log(0.5), bytes: [first!] },
    { token: '\ufffd', logprob: Math.log(0.5), bytes: [second!] },
    { token: '"}', logprob: 0, bytes: null },
  ]
  expect(answerProbability(text, pieces)).toBeCloseTo(0.25, 12)
})

test('is unknown when tokens spell another text, or there is no answer', () => {
  expect(answerProbability('{"answer":"yes"}', tokens(['{"answer":"no"}', 0.9]))).toBeNull()
  expect(answerProbability('{"reply":"yes"}', tokens(['{"reply":"yes"}', 0.9]))).toBeNull()
  expect(answerProbability('{"answer":"yes"}', [])).toBeNull()
  expect(
    answerProbability('{"answer":"yes"}', [{ token: '{"answer":"yes"}', logprob: Number.NEGATIVE_INFINITY }]),
  ).toBeNull()
})
