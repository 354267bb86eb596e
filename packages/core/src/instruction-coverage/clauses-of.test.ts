import fc from 'fast-check'
import { expect, test } from 'vitest'
import { INSTRUCTION_MAX } from '../response-rules/rules-in-instruction.ts'
import { clausesOf } from './clauses-of.ts'

const clauses = (text: string) => clausesOf(text).map(({ from, to }) => text.slice(from, to))

test('sentences are clauses; abbreviations, numbers and lower case after a stop end none', () => {
  expect(
    clauses(
      'Greet the customer. Refund at most $3.50, e.g. for a late parcel. Ask Dr. Lee first! Why? Because.',
    ),
  ).toEqual([
    'Greet the customer.',
    'Refund at most $3.50, e.g. for a late parcel.',
    'Ask Dr. Lee first!',
    'Why?',
    'Because.',
  ])
})

test('exceptions and orders of their own part a sentence; other joints do not', () => {
  expect(clauses('Do not refund an order unless the customer returned it.')).toEqual([
    'Do not refund an order',
    'unless the customer returned it.',
  ])
  expect(clauses('Verify who is asking, and never read out a password; then say goodbye.')).toEqual([
    'Verify who is asking,',
    'and never read out a password;',
    'then say goodbye.',
  ])
  for (const whole of [
    'Cancel and refund the order.',
    'They are alike and should not be confused.',
    'Unless it is late, wait.',
    'Ask, but only twice.',
    'Wait unless told.',
    'Never and always are words.',
  ])
    expect(clauses(whole)).toEqual([whole])
})

test('a handbook: items and rows by themselves, wrapped lines together, headings and lead-ins left out', () => {
  const handbook = `# Refunds

You serve a shop. You must never:

- share a password,
  not even a part of it
* promise a date
  1) [ ] ask twice
(b) hang up

| call | when |
|------|------|
| refund | the parcel is lost |

> 2.1 Stay polite.

---
\`\`\`
if angry:
  stay. Calm.
\`\`\`
End with thanks`
  expect(clauses(handbook)).toEqual([
    'You serve a shop.',
    'share a password,\n  not even a part of it',
    'promise a date',
    'ask twice',
    'hang up',
    '| call | when |',
    '| refund | the parcel is lost |',
    'Stay polite.',
    'if angry:\n  stay. Calm.',
    'End with thanks',
  ])
})

test('other scripts; no punctuation; nothing to check', () => {
  expect(clauses('先に確認する。返金しない！')).toEqual(['先に確認する。', '返金しない！'])
  expect(clauses('Ésta es “la regla.” Él 𝒜 dijo…\r\n\r\nSí')).toEqual([
    'Ésta es “la regla.”',
    'Él 𝒜 dijo…',
    'Sí',
  ])
  expect(clauses('do this do that')).toEqual(['do this do that'])
  for (const empty of ['', ' \n\t', '---', '# Only a heading', '- \n- ', '🙂 !!'])
    expect(clauses(empty)).toEqual([])
})

test('for any text: spans in order that overlap nowhere, trimmed, each with a letter or digit', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'Be kind',
      '. ',
      '.',
      '; ',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      ' unless ',
      ' and never ',
      '`',
      '```\n',
      '| ',
      ':',
    ],
    ...['# ', '> ', 'é', '。', '𝒜', '\ud800', '\u0000', ' ', '[x] ', 'e.g. ', '\r\n', ')', '"'],
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
        fc.string(),
      ),
      (text) => {
        let end = 0
        for (const { from, to } of clausesOf(text)) {
          expect(from).toBeGreaterThanOrEqual(end)
          const own = text.slice(from, to)
          expect(own).toBe(own.trim())
          expect(own).toMatch(/[\p{L}\p{N}]/u)
          end = to
        }
        expect(end).toBeLessThanOrEqual(text.length)
        expect(clausesOf(text)).toEqual(clausesOf(text))
      },
    ),
    { seed: 5, numRuns: 2_000 },
  )
})

test('hostile instructions are done at once: a quadratic pattern would outlast the test', () => {
  for (const piece of [
    ...[
      'a',
      ' ',
      '.',
      '. ',
      '\n',
      '- ',
      '- \n',
      '1.',
      ' unless ',
      ', ',
      ',',
      'a and never b ',
      '>',
      '> ',
      '| ',
    ],
    ...['```\n', '# ', 'e.g. ', '; ', ' \t', '。', ')', '([', ':\n- ', '. a', '𝒜', '- - '],
  ]) {
    const text = piece.repeat(INSTRUCTION_MAX / piece.length)
    expect(clausesOf(`x${text}x y z`).at(-1)?.to ?? 0).toBeLessThanOrEqual(INSTRUCTION_MAX)
  }
  expect(clausesOf('Be kind. '.repeat(100_000)).at(-1)?.to).toBeLessThanOrEqual(INSTRUCTION_MAX)
})
