/**
 * Whole climbs and whole years: what a candidate that is worse by exactly the margin reaches, over many stages and tries.
 *
 * Climb      six stages, each with an e-process of its own that goes on at every retry. A rollback ends the climb; the same
 *            candidate starts again from the bottom, with the evidence it has. Three climbs of up to 2,000 pairs a stage.
 * Portfolio  fifty such candidates in a year against one anchor. `shrink` gives release k its share of alpha, so that all
 *            fifty together promote falsely with probability at most alpha.
 */
import { planAt } from '@leeway/core/gate/plan'
import { alphaOfRelease } from '@leeway/core/ladder/release-state'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type BettingProcess, playUnit, startBetting } from '@leeway/core/sequential/betting-process'

const BASE = 0.1
const DELTA = 0.03
const ALPHA = 0.05
const STAGES = 6
const CLIMBS = 3
const TRIES = 4
const PAIRS_A_TRY = 500

export type ClimbTally = { runs: number; leftBottom: number; reachedTop: number }

export function simulateClimbs(runs: number, seed: number, restart = false): ClimbTally {
  const random = seededRandom(seed)
  const tally: ClimbTally = { runs, leftBottom: 0, reachedTop: 0 }
  for (let run = 0; run < runs; run++) {
    const stages = Array.from({ length: STAGES }, startStage)
    let highest = 0
    for (let climb = 0; climb < CLIMBS; climb++)
      highest = Math.max(highest, climbOnce(stages, random, restart))
    if (highest > 0) tally.leftBottom += 1
    if (highest === STAGES) tally.reachedTop += 1
  }
  return tally
}

/** How many of a year's candidates, all worse by the margin, were promoted at least once: the share of years with any. */
export function simulateYears(years: number, candidates: number, seed: number, shrink: boolean): number {
  const random = seededRandom(seed)
  let wrong = 0
  for (let year = 0; year < years; year++) {
    for (let ordinal = 1; ordinal <= candidates; ordinal++) {
      const alpha = shrink ? alphaOfRelease(ALPHA, ordinal, 'shrink') : ALPHA
      if (playTry(startStage(), alpha, TRIES * PAIRS_A_TRY, random) === 'promote') {
        wrong += 1
        break
      }
    }
  }
  return wrong / years
}

type Stage = { promote: BettingProcess; rollback: BettingProcess }

function startStage(): Stage {
  return { promote: startBetting(), rollback: startBetting() }
}

/** The number of stages left behind before the climb ended. */
function climbOnce(stages: Stage[], random: () => number, restart: boolean): number {
  for (let height = 0; height < STAGES; height++) {
    const verdict = playStage(stages, height, random, restart)
    if (verdict !== 'promote') return height
  }
  return STAGES
}

function playStage(stages: Stage[], height: number, random: () => number, restart: boolean): Verdict {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (restart) stages[height] = startStage()
    const verdict = playTry(stages[height] ?? startStage(), ALPHA, PAIRS_A_TRY, random)
    if (verdict !== 'hold') return verdict
  }
  return 'hold'
}

type Verdict = 'promote' | 'rollback' | 'hold'

/** Goes on where the stage stands: a crossing counts for ever, in either direction. */
function playTry(stage: Stage, alpha: number, pairs: number, random: () => number): Verdict {
  const plan = planAt(DELTA, { alpha })
  for (let pair = 0; pair < pairs; pair++) {
    if (stage.rollback.logWealthMax >= Math.log(1 / ALPHA)) return 'rollback'
    if (stage.promote.logWealthMax >= Math.log(1 / alpha)) return 'promote'
    const value = (random() < BASE + DELTA ? 1 : 0) - (random() < BASE ? 1 : 0)
    playUnit(stage.promote, DELTA - value, 1 - DELTA, plan.betPrior)
    playUnit(stage.rollback, value - DELTA, 1 + DELTA, plan.betPrior)
  }
  if (stage.rollback.logWealthMax >= Math.log(1 / ALPHA)) return 'rollback'
  return stage.promote.logWealthMax >= Math.log(1 / alpha) ? 'promote' : 'hold'
}
