/** What a judge is shown: the text of an episode is data, whatever it says. */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { judgePrompt } from './judge-prompt.ts'

const criterion: Criterion = {
  id: 'root',
  question: 'Did the agent follow the instructions in this episode?',
  scale: { kind: 'yes-no', good: 'yes' },
  guidance: 'Look at the last step.',
  answeredBy: ['model', 'human'],
}
const bytes = (fill: number) => (length: number) => new Uint8Array(length).fill(fill)

test('whatever it says, each of its lines stays behind its bar', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      '\v',
      '\f',
      '\u0085',
      '\u2028',
      '<<<END OF RECORDING',
      'step 1: user',
      '| ',
      '[01',
    ),
    fc.constant('01'.repeat(16)),
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, text, (content, name) => {
      const steps = [
        sampleStep(0, { content, error: content }),
        sampleStep(1, { kind: 'tool_call', name, content: { content } }),
      ]
      const { user } = judgePrompt(criterion, sampleEpisode(1, { instructions: 'Help.', steps }), bytes(1))
      const recording = user.split('\n').slice(4, -5)
      const ours = recording.filter((line) => !line.startsWith('| '))
      expect(ours).toHaveLength(5)
      expect(ours[2]).toBe('step 0: user')
      expect(ours[3]?.startsWith('step 1: tool call "')).toBe(true)
      expect(user.split('01'.repeat(16))).toHaveLength(3)
    }),
    { seed: 20261123, numRuns: 300 },
  )
})

test('the mark is another for each request, and the hash of the request is not', () => {
  const one = judgePrompt(criterion, sampleEpisode(1), bytes(1))
  const two = judgePrompt(criterion, sampleEpisode(1), bytes(2))
  expect(one.user).not.toBe(two.user)
  expect(one.sha256).toBe(two.sha256)
  expect(judgePrompt(criterion, sampleEpisode(2), bytes(1)).sha256).not.toBe(one.sha256)
  expect(judgePrompt({ ...criterion, guidance: '' }, sampleEpisode(1), bytes(1)).sha256).not.toBe(one.sha256)
})

test('who acted, when, and how it came out stay hidden', () => {
  const { user, system } = judgePrompt(
    criterion,
    sampleEpisode(1, {
      policyName: 'policy-x',
      agentName: 'agent-x',
      outcome: { success: 0, severe: true, detail: 'outcome-x' },
      steps: [
        sampleStep(0, { kind: 'system', content: 'prompt-x' }),
        sampleStep(1, { kind: 'generation', name: 'model-x', content: 'attribute-x' }),
        sampleStep(2, {
          kind: 'assistant',
          name: 'name-x',
          content: 'Hello.',
          startedAt: '2026-01-01T00:00:00.000Z',
        }),
      ],
    }),
    bytes(1),
  )
  expect(`${system}${user}`).not.toMatch(/-x|2026/)
  expect(user).toContain('step 2: assistant\n| Hello.')
})

test('a long episode is cut with notes that only we can write', () => {
  const steps = Array.from({ length: 400 }, (_, ordinal) =>
    sampleStep(ordinal, {
      content: ordinal === 399 ? 'the end' : `${ordinal} ${'word '.repeat(ordinal === 0 ? 4_000 : 100)}`,
    }),
  )
  const { user, inputTokensMax } = judgePrompt(criterion, sampleEpisode(1, { steps }), bytes(1))
  const mark = '01'.repeat(16)
  expect(user.length).toBeLessThan(65_000)
  expect(inputTokensMax).toBeGreaterThan(Buffer.byteLength(user))
  expect(user).toMatch(new RegExp(`\n\\[${mark}: 14002 characters were left out here\\]\n`))
  expect(user).toMatch(
    new RegExp(`\n\\[${mark}: \\d+ steps were left out here, because the run is long\\]\n`),
  )
  expect(user).toContain('| the end\n')
})
