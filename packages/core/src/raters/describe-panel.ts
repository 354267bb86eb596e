/** Rater cards in sentences. Says only what the intervals carry: a bias whose interval holds 0 is not mentioned. */
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { FeatureBias, PanelCard, RaterCard } from './rater-card.ts'
import { recalibrate } from './stated-confidence.ts'

/** Raters with a correlation of at least this are said to err together. */
const TOGETHER = 0.5
/** A confidence people know the sound of; what it was worth is told of it. */
const STATED = 0.9

export function describeRater(card: RaterCard, classes: readonly string[]): readonly string[] {
  const { skill } = card
  const { low, high } = skill.accuracyInterval
  const said = [
    `Right on ${percent(skill.accuracy)} of ${skill.ratings} ${skill.ratings === 1 ? 'answer' : 'answers'} (95 % interval ${percent(low)} to ${percent(high)})${skill.goldRatings > 0 ? `, ${skill.goldRatings} of them on items with a known answer` : ''}.`,
  ]
  if (skill.spammerScore !== null && skill.spammerScore < 0.05)
    said.push('The answers say next to nothing about the item.')
  for (const bias of card.biases) said.push(...biasWords(bias, classes, 'than the panel'))
  const drift = clear(card.drift)
  if (drift)
    said.push(
      `The newest quarter of the answers is right ${drift.value < 0 ? 'less' : 'more'} often than those before: ${points(drift.value)} (${count(drift.low)} to ${count(drift.high)}).`,
    )
  said.push(...confidenceWords(card.confidence))
  return said
}

function confidenceWords(confidence: RaterCard['confidence']): readonly string[] {
  if (confidence.kind === 'insufficient') return []
  const gap = clear(confidence.gap)
  if (!gap) return []
  const [from, to] = gap.value > 0 ? [gap.low, gap.high] : [-gap.high, -gap.low]
  return [
    `States ${points(Math.abs(gap.value))} ${gap.value > 0 ? 'more' : 'less'} confidence than the answers deserve (${count(from)} to ${count(to)}): where it says ${percent(STATED)}, ${percent(recalibrate(confidence, STATED))} are right.`,
  ]
}

export function describePanel(panel: PanelCard, classes: readonly string[]): readonly string[] {
  const { independentRaters, correlations } = panel.dependence
  const names = panel.raters.map(({ rater }) => rater)
  const said = [
    `${names.length} raters; their errors weigh as much as those of ${independentRaters.toFixed(1)} independent ones.`,
  ]
  for (const group of groupsTogether(correlations))
    said.push(`Err together: ${group.map((rater) => names[rater]).join(', ')}.`)
  for (const bias of panel.sharedBiases)
    said.push(...biasWords(bias, classes, 'than is true').map((words) => `All raters together. ${words}`))
  return said
}

/** Connected by correlations of at least TOGETHER; groups of two and more, in order of their first rater. */
export function groupsTogether(
  correlations: readonly (readonly (number | null)[])[],
): readonly (readonly number[])[] {
  const left = new Set(correlations.keys())
  const groups: number[][] = []
  for (const first of correlations.keys()) {
    if (!left.delete(first)) continue
    const group = [first]
    for (const member of group)
      for (const other of left)
        if ((correlations[member]?.[other] ?? 0) >= TOGETHER && left.delete(other)) group.push(other)
    if (group.length > 1) groups.push(group.sort((a, b) => a - b))
  }
  return groups
}

function biasWords(
  { feature, label, bias }: FeatureBias,
  classes: readonly string[],
  than: string,
): readonly string[] {
  const found = clear(bias)
  if (!found) return []
  const more = found.value > 0
  const [from, to] = more ? [found.low, found.high] : [-found.high, -found.low]
  return [
    `With ${feature}: answers "${classes[label]}" ${points(Math.abs(found.value))} ${more ? 'more' : 'less'} often ${than}, beyond what it does otherwise (interval ${count(from)} to ${count(to)}).`,
  ]
}

/** The value and its interval, when 0 is outside it. */
function clear(estimate: IntervalEstimate | Insufficient) {
  if (estimate.kind === 'insufficient' || estimate.interval.kind === 'insufficient') return null
  const { low, high } = estimate.interval
  return low > 0 || high < 0 ? { value: estimate.value, low, high } : null
}

function percent(rate: number): string {
  return `${Math.round(rate * 100)} %`
}

function count(rate: number): string {
  return String(Math.round(rate * 100))
}

function points(rate: number): string {
  return `${count(rate)} point${Math.abs(Math.round(rate * 100)) === 1 ? '' : 's'}`
}
