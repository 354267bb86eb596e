import { expect, test } from 'vitest'
import type { Step } from '../episodes/episode.ts'
import { INSTRUCTION_MAX } from '../response-rules/rules-in-instruction.ts'
import type { ProgramCheck } from '../rubrics/program-check.ts'
import type { Rubric, RubricLeaf } from '../rubrics/rubric.ts'
import { episodeCoverage } from './episode-coverage.ts'
import { quoteFinder } from './quote-finder.ts'
import { rubricCoverage } from './rubric-coverage.ts'

test('a quote is found word for word at each of its places; only white space may differ', () => {
  const text = 'Never refund  a\n  gift card.\nNever refund cash.'
  const find = quoteFinder(text)
  const words = (quote: string) => find(quote).map(({ from, to }) => text.slice(from, to))
  expect(words('refund a gift card')).toEqual(['refund  a\n  gift card'])
  expect(words(' Never\nrefund ')).toEqual(['Never refund', 'Never refund'])
  expect(words('Never refund cash.')).toEqual(['Never refund cash.'])
  for (const invented of [
    'never refund',
    'Never refund a card',
    'Never refund cash!',
    'efund',
    'refun',
    '',
    '  ',
  ])
    expect(words(invented), invented).toEqual([])
  expect(quoteFinder('返金しないこと')('返金しない')).toEqual([{ from: 0, to: 5 }])
  expect(quoteFinder('  led in, led out  ')('led')).toEqual([
    { from: 2, to: 5 },
    { from: 10, to: 13 },
  ])
})

const leaf = (id: string, checks?: readonly string[]): RubricLeaf => ({
  kind: 'leaf',
  weight: 1,
  required: false,
  check: null,
  criterion: {
    id,
    question: `${id}?`,
    scale: { kind: 'yes-no', good: 'yes' },
    guidance: '',
    answeredBy: ['human'],
  },
  ...(checks === undefined ? {} : { checks }),
})
const rubricOf = (...children: readonly RubricLeaf[]): Rubric => ({
  name: 'desk',
  root: { kind: 'parent', id: 'root', weight: 1, required: false, criterion: null, combine: 'all', children },
})

const HANDBOOK =
  'Greet the customer by name. Never share a password. Thank them. Be very kind to all of them.'

test('clauses that are checked, partly checked and not; quotes that are not there; questions that quote nothing', () => {
  const coverage = rubricCoverage(
    HANDBOOK,
    rubricOf(
      leaf('greeting', ['Greet the customer']),
      leaf('both', ['Never share a password. Thank them', 'words that nobody wrote']),
      leaf('kind', ['kind']),
      leaf('thanks', ['Thank them']),
      leaf('free'),
    ),
  )
  expect(coverage.clauses.map(({ from, to, state, by }) => [HANDBOOK.slice(from, to), state, by])).toEqual([
    ['Greet the customer by name.', 'checked', ['greeting']],
    ['Never share a password.', 'checked', ['both']],
    ['Thank them.', 'checked', ['both', 'thanks']],
    ['Be very kind to all of them.', 'partly', ['kind']],
  ])
  expect(coverage).toMatchObject({ checked: 3, partly: 1, unchecked: 0, share: 0.75, unquoted: ['free'] })
  expect(coverage.invented).toEqual([{ id: 'both', quote: 'words that nobody wrote' }])
})

test('half of the letters is enough, less is not; two quotes of different questions add up', () => {
  const state = (...quotes: string[]) =>
    rubricCoverage('aaaa bbbb cccc', rubricOf(...quotes.map((quote) => leaf(quote, [quote])))).clauses[0]
      ?.state
  expect(state('aaaa')).toBe('partly')
  expect(state('aaaa', 'cccc')).toBe('checked')
  expect(state('aaaa', 'aaaa')).toBe('partly')
  expect(state()).toBe('unchecked')
})

test('an instruction without clauses has no share', () => {
  expect(rubricCoverage(' --- ', rubricOf(leaf('one', ['---'])))).toMatchObject({ share: null, clauses: [] })
})

test('many hostile quotes are done at once', () => {
  const text = 'a '.repeat(INSTRUCTION_MAX / 2)
  const quotes = Array.from({ length: 500 }, (_, at) => (at % 2 ? 'a' : `b ${'a '.repeat(240)}`))
  expect(rubricCoverage(text, rubricOf(leaf('all', quotes)))).toMatchObject({ checked: 1 })
  expect(rubricCoverage('a. '.repeat(6_000), rubricOf(leaf('all', quotes))).checked).toBe(1)
})

const step = (ordinal: number, kind: Step['kind'], more: Partial<Step> = {}): Step => ({
  ordinal,
  parent: null,
  kind,
  name: null,
  content: '',
  callId: null,
  startedAt: null,
  durationMs: null,
  inputTokens: null,
  outputTokens: null,
  error: null,
  logprobs: null,
  ...more,
})
const STEPS = [
  step(0, 'system'),
  step(1, 'user'),
  step(2, 'reasoning'),
  step(3, 'tool_call', { name: 'refund_order', content: { amount: 5 } }),
  step(4, 'tool_result', { name: 'refund_order', error: 'no' }),
  step(5, 'assistant'),
  step(6, 'tool_call', { name: 'look_up' }),
  step(7, 'assistant'),
]
const states = (evidence: readonly number[], ...checks: readonly ProgramCheck[]) =>
  episodeCoverage(STEPS, new Set(evidence), checks)
    .steps.filter(({ state }) => state !== 'unread')
    .map(({ ordinal, state }) => `${ordinal} ${state}`)

test('what answers point at, and what each kind of check reads', () => {
  expect(states([3, 7, 0, 99])).toEqual(['3 pointed', '7 pointed'])
  expect(
    states([], {
      kind: 'calls',
      match: { tools: ['refund_*'], arguments: { type: 'null' } },
      min: 0,
      max: 0,
    }),
  ).toEqual(['3 read'])
  expect(states([], { kind: 'calls', match: {}, min: 0, max: null })).toEqual(['3 read', '6 read'])
  expect(
    states([5], {
      kind: 'before',
      first: { from: 'user', pattern: 'yes', ignoreCase: true },
      each: { tools: ['look_up'] },
    }),
  ).toEqual(['1 read', '5 pointed', '6 read'])
  const said = { from: 'assistant', pattern: 'x', ignoreCase: false } as const
  expect(states([], { kind: 'text', match: said, present: false })).toEqual(['5 read', '7 read'])
  expect(states([], { kind: 'response', rule: { kind: 'json' } })).toEqual(['7 read'])
  expect(states([], { kind: 'final-json', schema: true })).toEqual(['7 read'])
  expect(
    states(
      [],
      { kind: 'errors', max: 0 },
      { kind: 'steps', max: 9 },
      { kind: 'outcome', pointer: '/success', schema: true },
    ),
  ).toEqual([])
})

test('the share is over what the agent did; without any it is null', () => {
  const coverage = episodeCoverage(STEPS, new Set([1, 3]), [{ kind: 'response', rule: { kind: 'json' } }])
  expect(coverage).toMatchObject({ acted: 5, pointed: 1, read: 1, share: 0.4 })
  expect(coverage.steps.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(episodeCoverage([step(0, 'user')], new Set([0]), [])).toMatchObject({ acted: 0, share: null })
})
