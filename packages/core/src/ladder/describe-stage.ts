/** What an agent may do in a stage, in words for people who approve it. */
import { percent } from '../gate/describe-check.ts'
import type { Stage } from './ladder.ts'

const STAKES_WORDS = {
  read: 'only reads',
  reversible: 'makes changes that can be undone',
  costly: 'makes costly changes',
  irreversible: 'makes changes that cannot be undone',
} as const

export function describeStage(stage: Stage): string {
  const { supervision } = stage
  if (supervision === undefined) return whatItDoes(stage)
  return `${whatItDoes(stage)} Opens only where each supervisor of the chain is shown to catch at least ${percent(supervision.catchMin)} of the mistakes, with ${percent(supervision.auditShareMin)} of its answers audited.`
}

function whatItDoes(stage: Stage): string {
  const { region } = stage
  const where = `in episodes of up to ${region.horizonSteps} steps${region.tools === 'all' ? '' : `, with ${region.tools.join(', ') || 'no tools'}`}`
  if (stage.autonomy === 'shadow') return `Runs beside the baseline and acts on nothing, ${where}.`
  if (stage.autonomy === 'suggest') return `Suggests; a person acts, ${where}.`
  const reviewed =
    stage.reviewed === 1 ? 'every episode reviewed' : `${percent(stage.reviewed)} of its episodes reviewed`
  return `Acts on ${percent(stage.exposure)} of the units and ${STAKES_WORDS[region.stakes]}, ${where}; ${reviewed}.`
}
