/** What label error does to a check, in sentences. English; the numbers are those of the check. */
import type { Check } from './check.ts'
import { type CheckNames, percent, points } from './describe-check.ts'

/** In order: how good the labels are, where the decision would flip, and who blocks. */
export function describeLabelError(check: Check, names: CheckNames): readonly string[] {
  const { labelError } = check.evidence
  const sentences = [
    identicalWords(check),
    qualityWords(check),
    ...armWords(check, names),
    tippingWords(check, names),
  ]
  if (labelError.kind !== 'none' && labelError.marginInForce <= 0)
    sentences.push(`${goldWords(check)}: at this quality no number of units promotes.`)
  else if (labelError.blockedBy === 'check') sentences.push(blockWords(check, names))
  return sentences.filter((sentence): sentence is string => sentence !== null)
}

function goldWords({ plan }: Check): string {
  const shown = 'labels are not shown to tell faults from sound episodes'
  if (plan.labelError?.kind !== 'shared') return `The ${shown}`
  const { faults, sound } = plan.labelError.gold
  return `With ${faults} known faults and ${sound} known sound episodes labelled, ${shown}`
}

function identicalWords({ evidence: { identical } }: Check): string | null {
  if (identical === null) return null
  const { pairs, checked, differed, differedMax, broken } = identical
  const seen = `${pairs} pairs were called identical and count as a difference of zero; of ${checked} that were labelled all the same, ${differed} differed (up to ${percent(differedMax)} may).`
  return broken ? `${seen} That is too many: nothing is promoted on this definition. Label all pairs.` : seen
}

function blockWords({ evidence: { labelError } }: Check, { candidate }: CheckNames): string {
  const { sensitivity, tippingPoint } = labelError
  return sensitivity.candidate !== null && tippingPoint !== null && sensitivity.candidate < tippingPoint
    ? `The check blocks: its labels alone would promote \`${candidate}\`, but they find too few of its faults.`
    : `The check blocks, not \`${candidate}\`: labels that never err, saying the same, would promote. Better labels or more gold would help, more units may.`
}

function qualityWords({ plan, evidence: { labelError } }: Check): string | null {
  const { quality, marginInForce, kind } = labelError
  if (kind === 'none' || quality === null || marginInForce <= 0) return null
  const found = quality.sensitivity.estimate
  const passed = quality.specificity.estimate
  const measured = `On gold the labels found ${found === null ? 'an unknown share' : percent(found)} of the faults and passed ${passed === null ? 'an unknown share' : percent(passed)} of the sound ones`
  return kind === 'shared'
    ? `${measured}, so of a true difference they show at least ${percent(quality.informedness.low)}: the margin of ${points(plan.margin)} is tested at ${points(marginInForce)}. This needs raters who do not know the arm.`
    : `${measured}; false alarms shrink a difference, so the margin of ${points(plan.margin)} is tested at ${points(marginInForce)}.`
}

function armWords({ evidence: { labelError } }: Check, names: CheckNames): readonly string[] {
  const { reaudits, sensitivity } = labelError
  if (!reaudits) return []
  return (['candidate', 'baseline'] as const).map((arm) => {
    const { hidden, passedSeen } = reaudits[arm]
    const share = sensitivity[arm]
    return `Experts found ${hidden} hidden fault${hidden === 1 ? '' : 's'} among ${passedSeen} passed episodes of \`${names[arm]}\`${share === null ? '' : `: the labels find about ${percent(share)} of its faults`}.`
  })
}

function tippingWords(check: Check, { candidate }: CheckNames): string | null {
  const flips = check.evidence.labelError.tippingPoint
  if (flips === null || check.evidence.units === 0) return null
  const assumed = check.evidence.labelError.kind === 'none' ? ' Label error is not in this decision.' : ''
  if (flips > 1)
    return `Tipping point: none. Not even labels that find every fault of \`${candidate}\` would promote it.${assumed}`
  if (flips <= 0)
    return `Tipping point: none. This evidence promotes however few faults of \`${candidate}\` the labels find.${assumed}`
  return `Tipping point: this evidence promotes only if the labels find at least ${percent(flips)} of the faults of \`${candidate}\`.${assumed}`
}
