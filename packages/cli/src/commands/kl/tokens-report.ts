import { adaptKlController } from '@leeway/core/divergence/kl-controller'
import { estimateKl } from '@leeway/core/divergence/kl-estimators'
import { logRatioStop } from '@leeway/core/divergence/log-ratio-stop'
import type { TokenLogprobs } from '@leeway/core/divergence/token-logprobs'
import { plainText, printLine } from '../../output.ts'
import { percent, withInterval } from '../print-interval.ts'
import { againstBudget, inWords } from './budget.ts'
import type { KlOptions } from './kl-options.ts'

/** Stopped episodes named in print; all of them are in the JSON. */
const STOPPED_SHOWN = 10

export function tokensReport(
  episodes: readonly (TokenLogprobs & { readonly name: string })[],
  options: KlOptions,
) {
  const kl = estimateKl(episodes, options.alpha)
  const stops = episodes.map((episode) => ({
    episode: episode.name,
    ...logRatioStop(episode, options.stopAlpha),
  }))
  const controller =
    options.target === undefined || kl.kind === 'insufficient'
      ? null
      : adaptKlController(
          { coefficient: options.coefficient, target: options.target, horizon: options.horizon },
          kl.k1.value,
          kl.episodes,
        )
  return {
    unit: 'nats per episode',
    level: 1 - options.alpha,
    kl,
    budget: kl.kind === 'insufficient' ? null : againstBudget(kl.k3, options.budget, !kl.tail.heavy),
    stop: { alpha: options.stopAlpha, stopped: stops.filter(({ stoppedAt }) => stoppedAt !== null) },
    controller,
  }
}

export function printTokens({ kl, level, budget, stop, controller }: ReturnType<typeof tokensReport>): void {
  if (kl.kind === 'insufficient') {
    printLine(`Unknown: ${kl.reason}.`)
    return
  }
  printLine(
    `KL of the candidate from the baseline: ${withInterval(kl.k3)} nats per episode, ${kl.perToken.toPrecision(3)} per token`,
  )
  printLine()
  const row = (name: string, value: string) => printLine(`  ${name.padEnd(18)}${value}`)
  row('episodes, tokens', `${kl.episodes}, ${kl.tokens}`)
  row('k1', `${withInterval(kl.k1)} (unbiased, may be negative)`)
  row('k2', `${withInterval(kl.k2)} (biased, steady near 0)`)
  row('k3', `${withInterval(kl.k3)} (unbiased, never negative); ${percent(level)} intervals`)
  if (budget !== null) row('budget', inWords(budget))
  if (kl.tail.heavy)
    row(
      'beware',
      `heavy tail: one episode holds ${percent(kl.tail.largestShare)} of k3, ${percent(kl.tail.clippedShare)} of tokens were cut; the interval is not to be trusted`,
    )
  row(
    'run-time stop',
    `${stop.stopped.length} of ${kl.episodes} episodes reach log(1/${stop.alpha}); of the baseline's own at most ${percent(stop.alpha)} would`,
  )
  for (const { episode, stoppedAt, largest } of stop.stopped.slice(0, STOPPED_SHOWN))
    row('', `${plainText(episode)}: at token ${stoppedAt}, ${largest.toFixed(1)} nats at most`)
  if (controller !== null)
    row(
      'next coefficient',
      `${controller.coefficient.toPrecision(6)} for a target of ${controller.target} nats`,
    )
}
