/** Where a stage reaches and what moves a release out of it, in words a manager reads. */
import type { StageView } from '@leeway/contract/releases'
import { formatCount, formatPercent, formatPoints } from '../numbers/format-number.ts'

type Reach = Pick<StageView, 'horizonSteps' | 'stakes' | 'tools' | 'klNatsMax' | 'behaviourNatsMax'>

/** "Up to 30 steps. Only calls that can be undone. All its tools." */
export function reachWords(stage: Reach): string {
  const tools =
    stage.tools === 'all'
      ? 'All its tools.'
      : stage.tools.length === 0
        ? 'No tools.'
        : `Only ${stage.tools.join(', ')}.`
  const kl = stage.klNatsMax === null ? '' : ` At most ${stage.klNatsMax}\u00a0nats from the baseline.`
  const behaviour =
    stage.behaviourNatsMax === null
      ? ''
      : ` What it does is at most ${stage.behaviourNatsMax}\u00a0nats a choice from the baseline.`
  return `Up to ${formatCount(stage.horizonSteps)} steps. ${stakesWords(stage.stakes)} ${tools}${kl}${behaviour}`
}

/** What has to be shown before the next stage opens. */
export function opensWords(stage: Pick<StageView, 'margin' | 'severeRateMax'>): string {
  const severe =
    stage.severeRateMax === null
      ? ''
      : `, and severe failures rarer than ${formatPercent(stage.severeRateMax)}`
  return `Shown to be less than ${points(stage.margin)} worse than the baseline${severe}. Then a person approves.`
}

/** What takes the stage away. `below` is the stage an unhealthy gate falls back to; null at the bottom. */
export function closesWords(stage: Pick<StageView, 'harmMargin'>, below: string | null): string {
  const falls =
    below === null
      ? 'Unhealthy evidence only waits here.'
      : `Falls back to ${below} when labels are missing or the arms are unbalanced.`
  return `Rolls back at once when shown to be more than ${points(stage.harmMargin)} worse. ${falls}`
}

/** True when the stage reaches further than the one below it. */
export function isWidening(below: Reach | undefined, stage: Reach): boolean {
  return below !== undefined && reachWords(below) !== reachWords(stage)
}

function stakesWords(stakes: string): string {
  return STAKES_WORDS[stakes] ?? `Calls up to ${stakes}.`
}

const STAKES_WORDS: Record<string, string> = {
  read: 'Only reads.',
  reversible: 'Only calls that can be undone.',
  costly: 'Calls that cost something to undo.',
  irreversible: 'Also calls that cannot be undone.',
}

function points(share: number): string {
  return formatPoints(share).replace(/^\+/, '')
}
