import { readRubric } from '@leeway/contract/rubric-document'
import { criteriaOf, leavesOf } from '@leeway/core/rubrics/rubric'
import { expect, test } from 'vitest'
import { draftRubric } from './draft.ts'

function drafted(instruction: string) {
  const read = readRubric(draftRubric(instruction, 'draft'))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read
}

test('the draft is a rubric without mistakes: a program for each rule, a person or model for the rest', () => {
  const { rubric, problems } = drafted(
    'Write a kind note. Use at least 20 words and do not use any commas. Include the keywords "café" and "a: [b]".',
  )
  expect(problems).toEqual([])
  expect(leavesOf(rubric).map(({ check }) => (check?.kind === 'response' ? check.rule : null))).toEqual([
    { kind: 'words', min: 20, max: null },
    { kind: 'no-comma' },
    { kind: 'keywords', words: ['café', 'a: [b]'] },
    null,
  ])
  expect(criteriaOf(rubric).at(-1)?.guidance).toContain('Write a kind note.')
})

test('an instruction that states no rule is one question; hostile text stays text', () => {
  const { rubric } = drafted('Be kind.\n- !!js/function "x": {{ }} \u0007 # &anchor *alias')
  expect(leavesOf(rubric)).toHaveLength(1)
  expect(criteriaOf(rubric).at(-1)?.guidance).toContain('&anchor *alias')
})
