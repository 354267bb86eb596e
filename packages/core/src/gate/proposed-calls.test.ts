import { expect, test } from 'vitest'
import { isEvidence, type ProposedRound, proposalLabel } from './proposed-calls.ts'

const call = (outcome: string, rule: string, holdProbability = 0) => ({ outcome, rule, holdProbability })
const round = (changes: Partial<ProposedRound> = {}): ProposedRound => ({
  role: 'candidate',
  outcome: 'release',
  hold: null,
  calls: [],
  ...changes,
})
const held = (hold: string | null, rule = 'drawn', probability = 0.1) =>
  round({ outcome: 'hold', hold, calls: [call('hold', rule, probability)] })
const labelOf = (...rounds: readonly ProposedRound[]) => proposalLabel([[{ outcome: 'release', rounds }]])

test.each(['denied', 'edited', 'stopped'])('%s in a drawn hold is a failure, whatever came after', (hold) => {
  expect(labelOf(held(hold), round())).toBe('refused')
  expect(labelOf(held(hold, 'not-acting', 1), round())).toBe('refused')
})

test('a refusal that nobody drew is no evidence, and no success either', () => {
  expect(labelOf(held('denied', 'expired', 1), round())).toBe('untold')
})

test('an approval leaves the label to what came of it', () => {
  expect(labelOf(held('approved'))).toBe('own')
  expect(labelOf(held('approved', 'expired', 1))).toBe('own')
})

test('an approved call that was not carried out after all tells nothing', () => {
  expect(labelOf(held('approved'), round())).toBe('untold')
  expect(proposalLabel([[{ outcome: 'stop', rounds: [held('approved')] }]])).toBe('untold')
})

test('nobody answered, or the agent left: not seen', () => {
  expect(labelOf(held('unanswered'), round())).toBe('untold')
  expect(proposalLabel([[{ outcome: 'aborted', rounds: [held(null)] }]])).toBe('untold')
})

test('what the baseline did in its place is not seen, in the same turn and in later ones', () => {
  expect(labelOf(round({ outcome: 'replace' }), round({ role: 'baseline' }))).toBe('untold')
  const turns = [round(), round({ role: 'baseline' })].map((one) => ({ outcome: 'release', rounds: [one] }))
  expect(proposalLabel([turns])).toBe('untold')
})

test('a call that people refused the baseline in the candidate’s place is not the candidate’s', () => {
  expect(labelOf(round({ outcome: 'replace' }), { ...held('denied'), role: 'baseline' })).toBe('untold')
  expect(proposalLabel([[{ outcome: 'release', rounds: [{ ...held('denied'), role: 'baseline' }] }]])).toBe(
    'refused',
  )
})

test('refusals of the contract are there without people too', () => {
  expect(labelOf(round({ outcome: 'deny', calls: [call('deny', 'arguments-outside')] }), round())).toBe('own')
  expect(labelOf(round({ outcome: 'deny', calls: [call('deny', 'out-of-touch')] }), round())).toBe('untold')
})

test('one refused conversation of a unit is enough, and none is its own', () => {
  const turn = (one: ProposedRound) => [{ outcome: 'release', rounds: [one] }]
  expect(proposalLabel([turn(round()), turn(held('unanswered')), turn(held('denied'))])).toBe('refused')
  expect(proposalLabel([])).toBe('own')
})

test('evidence: every held call of the response was drawn', () => {
  expect(isEvidence([call('hold', 'drawn', 0.1), call('allow', 'read')])).toBe(true)
  expect(isEvidence([call('hold', 'drawn', 0.1), call('hold', 'expired', 1)])).toBe(false)
  expect(isEvidence([call('allow', 'granted', 0.1)])).toBe(false)
})
