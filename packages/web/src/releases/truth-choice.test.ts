import { expect, test } from 'vitest'
import { OUTCOME, truthOf } from './truth-choice.ts'

test('without a rubric the recorded outcome is the truth', () => {
  expect(truthOf(OUTCOME)).toEqual({ kind: 'outcome' })
})

test('tools are read however they are separated, and the shares stay where the gate allows them', () => {
  expect(
    truthOf({
      ...OUTCOME,
      rubric: 'r',
      auditPercent: 1,
      auditsBy: 'allocation',
      secondLookPercent: 300,
      consequential: ' refund, cancel_*\nmove ',
    }),
  ).toEqual({
    kind: 'criterion',
    rubric: 'r',
    labelError: 'shared',
    secondLookShare: 1,
    auditShare: 0.05,
    auditsBy: 'allocation',
    consequentialTools: ['refund', 'cancel_*', 'move'],
  })
})
