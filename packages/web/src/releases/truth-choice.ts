import type { Truth } from '@leeway/contract/releases'

/** What the gate takes for true, as the form holds it. `rubric` is '' for the recorded outcome. */
export type TruthChoice = {
  readonly rubric: string
  readonly labelError: 'shared' | 'differential' | 'none'
  /** Share of the labelled units that experts look at again, in percent; only with `differential`. */
  readonly secondLookPercent: number
  /** Share of the units that people see, in percent. */
  readonly auditPercent: number
  /** Whether every unit is as likely to be among them, or those that tell more for the minutes they take. */
  readonly auditsBy: 'share' | 'allocation'
  /** Names of tools, separated by commas or spaces. */
  readonly consequential: string
}

export const OUTCOME: TruthChoice = {
  rubric: '',
  labelError: 'shared',
  secondLookPercent: 25,
  auditPercent: 100,
  auditsBy: 'share',
  consequential: '',
}

export function truthOf(choice: TruthChoice): Truth {
  if (choice.rubric === '') return { kind: 'outcome' }
  return {
    kind: 'criterion',
    rubric: choice.rubric,
    labelError: choice.labelError,
    secondLookShare: shareOf(choice.secondLookPercent),
    auditShare: shareOf(choice.auditPercent),
    auditsBy: choice.auditsBy,
    consequentialTools: choice.consequential.split(/[\s,]+/).filter((tool) => tool !== ''),
  }
}

function shareOf(percent: number): number {
  return Math.min(1, Math.max(0.05, percent / 100))
}
