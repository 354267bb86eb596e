import type { RedactionRule } from '@leeway/contract/episodes'
import { expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../sample-episode.ts'
import { parseFieldPath } from './field-path.ts'
import { compilePattern } from './pattern-safety.ts'
import type { Removal } from './redact-episode.ts'
import { redactorFor } from './redactor.ts'

function redact(rules: readonly RedactionRule[], episode = sampleEpisode(1), limitMs?: number) {
  const redactor = redactorFor([...rules], 'project', limitMs)
  if ('problems' in redactor) throw new Error(redactor.problems[0]?.reason)
  const removals: Removal[] = []
  const redacted = redactor.redact(episode, (removal) => removals.push(removal))
  if (redacted === 'tooSlow') throw new Error('too slow')
  return { ...redacted, removals }
}

const field = (path: string, label = 'x'): RedactionRule => ({ kind: 'field', label, path })
const pattern = (text: string, label = 'x'): RedactionRule => ({ kind: 'pattern', label, pattern: text })

test.each([
  ['steps[*].content.email', { email: 'a', name: 'b' }, { email: '[redacted:x]', name: 'b' }],
  [
    'steps[*].content.*.email',
    { a: { email: 'a' }, b: { email: 2 } },
    { a: { email: '[redacted:x]' }, b: { email: '[redacted:x]' } },
  ],
  [
    'steps[*].content.**.email',
    { email: 'a', l: [{ email: { deep: 1 } }] },
    { email: '[redacted:x]', l: [{ email: '[redacted:x]' }] },
  ],
  ['steps[*].content.list[1]', { list: ['a', 'b'] }, { list: ['a', '[redacted:x]'] }],
  ['steps[*].content["e.mail"]', { 'e.mail': 'a' }, { 'e.mail': '[redacted:x]' }],
  ['steps[*].content', 'all of it', '[redacted:x]'],
  ['steps[1].content', 'not this one', 'not this one'],
  ['steps[*].content.email', { email: null }, { email: null }],
])('field rule %s', (path, content, left) => {
  const { episode } = redact([field(path)], sampleEpisode(1, { steps: [sampleStep(0, { content })] }))
  expect(episode.steps[0]?.content).toEqual(left)
})

test('a pattern reaches text, numbers, names of fields, errors and instructions, and counts each', () => {
  const { episode, removed, removals } = redact(
    [pattern('\\b\\d{16}\\b', 'card')],
    sampleEpisode(1, {
      instructions: 'pay 4111111111111111 now',
      steps: [
        sampleStep(0, {
          content: { '4111111111111111': [4111111111111111, 'x 4111111111111111 4111111111111111'], n: 12 },
          error: '4111111111111111',
        }),
      ],
    }),
  )
  expect(JSON.stringify(episode)).not.toContain('4111')
  expect(episode.steps[0]?.content).toEqual({
    '[redacted:card]': ['[redacted:card]', 'x [redacted:card] [redacted:card]'],
    n: 12,
  })
  expect(removed).toEqual([6])
  expect(removals.map(({ path }) => path)).toContain('steps[0].content.4111111111111111[0]')
})

test('two field names that become one stay two fields', () => {
  const content = { 'a@b.c': 1, 'd@e.f': 2, __proto__: 3 }
  const { episode } = redact(
    [pattern('\\S+@\\S+', 'mail')],
    sampleEpisode(1, { steps: [sampleStep(0, { content })] }),
  )
  expect(episode.steps[0]?.content).toEqual({ '[redacted:mail]': 1, '[redacted:mail]#2': 2 })
})

test('keys become pseudonyms: equal stays equal, different stays different', () => {
  const of = (userKey: string) =>
    redact([field('userKey', 'user')], sampleEpisode(1, { userKey })).episode.userKey
  expect(of('ann')).toBe(of('ann'))
  expect(of('ann')).not.toBe(of('bob'))
  expect(of('ann')).toMatch(/^\[redacted:user:[0-9a-f]{16}\]$/)
})

test('what no rule names is the same, to the last field', () => {
  const episode = sampleEpisode(1, {
    steps: [sampleStep(0, { content: { a: [1, { b: null }] }, logprobs: [-1] })],
  })
  const redacted = redact([pattern('never-there'), field('steps[*].content.nothing')], episode)
  expect(redacted.episode).toEqual(episode)
  expect(redacted.removed).toEqual([0, 0])
})

test.each([
  ['(a+)+b', 'repeats a group'],
  ['(a*)*', 'repeats a group'],
  ['(?:a|aa)+$', 'repeats a group'],
  ['((a{2,})b?){5}', 'repeats a group'],
  ['(a)\\1', 'refers back'],
  ['a*', 'empty text'],
  ['(', 'not a regular expression'],
])('the pattern %s is refused: %s', (text, reason) => {
  expect((compilePattern(text, false) as { wrong: string }).wrong).toContain(reason)
})

test.each([
  '[\\w.+-]+@[\\w-]+\\.[\\w.]+',
  '(?:\\d{4}[ -]?){3}\\d{4}',
  '(?<!x)sk-[A-Za-z0-9]{20,}',
  '(?:Mr|Ms) [A-Z][a-z]+',
])('the pattern %s is taken', (text) => {
  expect(compilePattern(text, false)).toBeInstanceOf(RegExp)
})

test.each([
  '',
  'steps.content',
  'steps[*].kind',
  'outcome.success',
  'normaliserVersion',
  'steps[*].content.**',
  'instructions.a',
  'policyConfig..x',
  'policyConfig.**.a.**.b.**.c',
])('the path "%s" is refused', (path) => {
  expect(parseFieldPath(path)).toHaveProperty('wrong')
})

test('a pattern that is slow on a text is stopped, and the episode is not passed on', () => {
  const redactor = redactorFor(
    [{ kind: 'pattern', label: 'x', pattern: '[a-z]*[a-z]*[a-z]*[a-z]*!' }],
    'project',
    100,
  )
  if ('problems' in redactor) throw new Error('refused')
  const slow = sampleEpisode(1, { instructions: 'a'.repeat(20_000) })
  const before = performance.now()
  expect(redactor.redact(slow)).toBe('tooSlow')
  expect(performance.now() - before).toBeLessThan(5_000)
})
