/** What known answers drawn for vetting say of a rater, in a sentence; null when none were answered. */
import { testSkill } from '@leeway/core/raters/skill-test'
import type { Executor } from '../db/connect.ts'
import { VETTING_ALPHA, vettingRulesOf } from './rules.ts'
import { skillEvidence } from './skill-evidence.ts'
import { skillWords } from './tier-by-skill.ts'

export async function vettingWords(
  executor: Executor,
  rater: { readonly projectId: string; readonly id: string },
): Promise<string | null> {
  const rules = await vettingRulesOf(executor, rater.projectId)
  const [evidence] = rules === null ? [] : await skillEvidence(executor, rater.projectId, rater.id)
  if (rules === null || evidence === undefined) return null
  return skillWords(evidence, testSkill(evidence.right, evidence.answers, { ...rules, alpha: VETTING_ALPHA }))
}
