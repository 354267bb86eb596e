import { behaviouralKl, type ChoicesOf, SMOOTHING } from '@leeway/core/divergence/behavioural-kl'
import { replicatesFor } from '@leeway/core/numeric/cluster-bootstrap'
import { plainText, printLine, printTable } from '../../output.ts'
import { percent, withInterval } from '../print-interval.ts'
import { againstBudget, inWords } from './budget.ts'
import type { KlOptions } from './kl-options.ts'

export function choicesReport(candidate: ChoicesOf, baseline: ChoicesOf, options: KlOptions) {
  const kl = behaviouralKl(candidate, baseline, {
    alpha: options.alpha,
    seed: options.seed,
    replicates: replicatesFor(candidate.length + baseline.length),
  })
  return {
    unit: 'nats per choice',
    level: 1 - options.alpha,
    smoothing: SMOOTHING,
    episodes: { candidate: candidate.length, baseline: baseline.length },
    behaviouralKl: kl,
    budget: kl.kind === 'insufficient' ? null : againstBudget(kl, options.budget, true),
  }
}

export function printChoices({
  behaviouralKl: kl,
  budget,
  level,
  smoothing,
}: ReturnType<typeof choicesReport>): void {
  if (kl.kind === 'insufficient') {
    printLine(`Unknown: ${kl.reason}.`)
    return
  }
  printLine(`Behavioural KL of the candidate from the baseline: ${withInterval(kl)} nats per choice`)
  if (budget !== null) printLine(`It is ${inWords(budget)}.`)
  printLine()
  printTable(
    ['choice', 'candidate', 'baseline'],
    kl.choices.map(({ name, candidate, baseline }) => [plainText(name), String(candidate), String(baseline)]),
  )
  printLine()
  printLine(
    `A lower bound on the KL of tokens, with a budget of its own. ${smoothing} was added to every count; ${percent(level)} interval over episodes.`,
  )
}
