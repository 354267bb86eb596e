import type { Truth } from '@leeway/contract/releases'

/** What the gate takes for true, as the form holds it. `rubric` is '' for the recorded outcome. */
export type TruthChoice = {
  readonly rubric: string
  readonly labelError: 'shared' | 'none'
  /** Share of the units that people see, in percent. */
  readonly auditPercent: number
  /** Names of tools, separated by commas or spaces. */
  readonly consequential: string
}

export const OUTCOME: TruthChoice = { rubric: '', labelError: 'shared', auditPercent: 100, consequential: '' }

export function truthOf(choice: TruthChoice): Truth {
  if (choice.rubric === '') return { kind: 'outcome' }
  return {
    kind: 'criterion',
    rubric: choice.rubric,
    labelError: choice.labelError,
    auditShare: Math.min(1, Math.max(0.05, choice.auditPercent / 100)),
    consequentialTools: choice.consequential.split(/[\s,]+/).filter((tool) => tool !== ''),
  }
}
