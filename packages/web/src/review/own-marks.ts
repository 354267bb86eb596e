import type { StepMarks } from '../episodes/StepViewer.tsx'

/** The steps that one has marked oneself. */
export function ownMarks(evidence: readonly number[], toggle: StepMarks['toggle']): StepMarks {
  return { at: new Map(evidence.map((ordinal) => [ordinal, 'Shows it'])), toggle }
}
