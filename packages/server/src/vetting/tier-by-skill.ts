/** Moves a rater to the tier that known answers show, and writes why. */
import { type SkillTest, testSkill } from '@leeway/core/raters/skill-test'
import type { Effects } from '../http/environment.ts'
import { setTier } from '../raters/set-tier.ts'
import type { RaterTier } from '../raters/stored-raters.ts'
import { VETTING_ALPHA, type VettingRules } from './rules.ts'
import type { SkillEvidence } from './skill-evidence.ts'

export const VETTING_ACTOR = 'system:vetting'

/** The tier it has from now on. */
export async function tierBySkill(
  effects: Effects,
  rules: VettingRules,
  evidence: SkillEvidence,
): Promise<RaterTier> {
  const test = testSkill(evidence.right, evidence.answers, { ...rules, alpha: VETTING_ALPHA })
  const tier = tierFor(evidence.tier, test, rules.bar)
  if (tier === evidence.tier) return tier
  await setTier(effects, {
    projectId: rules.projectId,
    raterId: evidence.raterId,
    tier,
    reason: skillWords(evidence, test),
    actor: VETTING_ACTOR,
  })
  return tier
}

/** People alone make experts and lift suspensions. */
export function tierFor(tier: RaterTier, { verdict, high }: SkillTest, bar: number): RaterTier {
  if (tier === 'expert' || tier === 'suspended') return tier
  if (verdict === 'suspended') return 'suspended'
  if (tier === 'trainee') return verdict === 'vetted' ? 'vetted' : 'trainee'
  return high < bar ? 'trainee' : 'vetted'
}

export function skillWords(
  { right, answers }: Pick<SkillEvidence, 'right' | 'answers'>,
  { low, high }: Pick<SkillTest, 'low' | 'high'>,
): string {
  const percent = (rate: number) => Math.round(100 * rate)
  return `Right on ${right} of ${answers} known answers drawn for vetting: ${percent(low)} to ${percent(high)} % of all such questions, however often one looks.`
}
