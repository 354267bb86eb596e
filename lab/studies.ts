/** Every study: what it says of itself, and how it is run. */
import { ENFORCEMENT_STUDIES } from './enforcement-studies.ts'
import { GATE_STUDIES } from './gate-studies.ts'
import { OVERSIGHT_STUDIES } from './oversight-studies.ts'
import { RATER_STUDIES } from './rater-studies.ts'
import type { Study } from './study.ts'

export const STUDIES: Readonly<Record<string, Study>> = {
  ...GATE_STUDIES,
  ...RATER_STUDIES,
  ...OVERSIGHT_STUDIES,
  ...ENFORCEMENT_STUDIES,
}
