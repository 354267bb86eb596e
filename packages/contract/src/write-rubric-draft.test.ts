import { rubricCoverage } from '@leeway/core/instruction-coverage/rubric-coverage'
import { criteriaOf, leavesOf } from '@leeway/core/rubrics/rubric'
import { expect, test } from 'vitest'
import { readRubric } from './rubric-document.ts'
import type { DraftedQuestion } from './rubric-drafts.ts'
import { writeRubricDraft } from './write-rubric-draft.ts'

function drafted(instruction: string, questions?: readonly DraftedQuestion[]) {
  const read = readRubric(
    writeRubricDraft({ name: 'draft', instruction, ...(questions === undefined ? {} : { questions }) }),
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read
}

test('the draft is a rubric without mistakes: a program for each rule, a person or model for the rest', () => {
  const instruction =
    'Write a kind note. Use at least 20 words and do not use any commas. Include the keywords "café" and "a: [b]".'
  const { rubric, problems } = drafted(instruction)
  expect(problems).toEqual([])
  expect(leavesOf(rubric).map(({ check }) => (check?.kind === 'response' ? check.rule : null))).toEqual([
    { kind: 'words', min: 20, max: null },
    { kind: 'no-comma' },
    { kind: 'keywords', words: ['café', 'a: [b]'] },
    null,
  ])
  expect(criteriaOf(rubric).at(-1)?.guidance).toBe('No program checks this: Write a kind note.')
  expect(
    rubricCoverage(instruction, rubric).clauses.map(({ from, to, state, by }) => [
      instruction.slice(from, to),
      state,
      by,
    ]),
  ).toEqual([
    ['Write a kind note.', 'unchecked', []],
    ['Use at least 20 words', 'checked', ['words-1']],
    ['and do not use any commas.', 'checked', ['no-comma-2']],
    ['Include the keywords "café" and "a: [b]".', 'checked', ['keywords-3']],
  ])
})

test('an instruction that states no rule is one question; hostile text stays text', () => {
  const { rubric } = drafted('Be kind.\n- !!js/function "x": {{ }} \u0007 # &anchor *alias')
  expect(leavesOf(rubric)).toHaveLength(1)
  expect(criteriaOf(rubric).at(-1)?.guidance).toContain('&anchor *alias')
})

const question = (text: string, more: Partial<DraftedQuestion> = {}): DraftedQuestion => ({
  question: text,
  guidance: '',
  good: 'yes',
  topic: '',
  importance: 'important',
  catches: null,
  checks: [],
  invented: [],
  ...more,
})

test('questions of a topic stand together, weigh what they weigh, and what is necessary reaches the root', () => {
  const { rubric, problems } = drafted('Never share a password. Use no commas. Greet them by name.', [
    question('Did the agent share a password?', {
      good: 'no',
      topic: 'Safety',
      importance: 'necessary',
      checks: ['Never share a password'],
    }),
    question('Did the agent share a password?', { topic: ' safety', importance: 'useful' }),
    question('Was it short?', { topic: 'Tone', guidance: 'Below 100 words.' }),
    question('返金しましたか', { invented: ['words that nobody wrote'] }),
  ])
  expect(problems).toEqual([])
  expect(rubric.root).toMatchObject({
    combine: 'weighted',
    children: [
      { criterion: { id: 'no-comma-1' }, required: true, checks: ['Use no commas'] },
      {
        id: 'safety',
        weight: 1.3,
        required: true,
        criterion: null,
        children: [
          { criterion: { id: 'share-a-password', scale: { good: 'no' } }, weight: 1, required: true },
          { criterion: { id: 'share-a-password-2' }, weight: 0.3, required: false },
        ],
      },
      { criterion: { id: 'short', guidance: 'Below 100 words.' }, weight: 0.7 },
      { criterion: { id: 'question', answeredBy: ['human', 'model'] }, required: false },
    ],
  })
  expect(JSON.stringify(rubric)).not.toContain('nobody wrote')
})
