/**
 * What an incident does to a release. A promotion needs evidence; an incident is one episode, which a named person says did
 * harm. So it may only take away: it ends the open release of its candidate, whatever the evidence says.
 */
import { SEVERITIES, type Severity } from '../critiques/claim.ts'

/** Of this severity and above, the candidate is rolled back at once. Below it, people decide. */
export const ROLLS_BACK_FROM: Severity = 'major'

export function rollsBack(severity: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(ROLLS_BACK_FROM)
}
