import type { StepDraft } from '../episode-draft.ts'

/** What a person asked first: the instructions of a conversation whose source states none. '' when nobody did. */
export function firstUserText(steps: readonly StepDraft[]): string {
  const content = steps.find((step) => step.kind === 'user')?.content
  return typeof content === 'string' ? content : ''
}
