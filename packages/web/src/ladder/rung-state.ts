/** Where each stage lies, seen from the present one. */
export type RungState = 'passed' | 'present' | 'ahead'

/** One state a stage, lowest first. A stage that is not on the ladder leaves all of them ahead. */
export function rungStates(stages: readonly string[], present: string | null): readonly RungState[] {
  const at = present === null ? -1 : stages.indexOf(present)
  return stages.map((_, index) => (index < at ? 'passed' : index === at ? 'present' : 'ahead'))
}
