/**
 * Items with flaws, raters, and a critic, for the study `critique-trade`. All parameters of the world are in this file.
 *
 * Decision   a rater rejects an item where it holds at least one flaw for real: found by itself, or a critique it accepts.
 *            Right: a flawed item is rejected, a sound one is not.
 */
export type CritiqueWorld = {
  readonly name: string
  /** Share of items with a flaw, and how many such an item has at most (each number as often). */
  readonly flawed: number
  readonly flawsMax: number
  /** Half of the flaws are this much easier to find than the average, for people and critic alike; half are harder. */
  readonly ease: number
  /** Share of valid and of invalid critiques that a rater accepts, and of planted ones, which are invalid. */
  readonly acceptsValid: number
  readonly acceptsInvalid: number
  readonly acceptsPlanted: number
  /** Probability of one invalid critique on an item, flawed or not. */
  readonly falseAlarm: number
}

/** CriticGPT (arXiv 2407.00215): people find about 25 % of inserted bugs, the critic over 75 %. */
const HUMAN_RECALL = 0.25
const CRITIC_RECALL = 0.75
/** How often a rater by itself takes something sound for a flaw. */
const HUMAN_FALSE_ALARM = 0.05
/** Raters are of two kinds: more and less ready to believe an invalid critique than the average. */
const CREDULITY = 0.1

const BUGS: CritiqueWorld = {
  name: 'inserted bugs',
  flawed: 0.5,
  flawsMax: 1,
  ease: 0,
  acceptsValid: 0.9,
  acceptsInvalid: 0.25,
  acceptsPlanted: 0.25,
  falseAlarm: 0.3,
}

export const WORLDS: readonly CritiqueWorld[] = [
  BUGS,
  { ...BUGS, name: 'several flaws', flawsMax: 3 },
  { ...BUGS, name: 'the same flaws are easy', ease: 0.2 },
  { ...BUGS, name: 'flaws are rare', flawed: 0.08 },
  { ...BUGS, name: 'credulous raters', acceptsInvalid: 0.6, acceptsPlanted: 0.6, falseAlarm: 0.8 },
  { ...BUGS, name: 'planted ones are easier to see', flawed: 0.2, acceptsInvalid: 0.6, acceptsPlanted: 0.15 },
  { ...BUGS, name: 'raters who trust no critique', acceptsValid: 0.15, acceptsInvalid: 0.1, falseAlarm: 0.1 },
]

export type Item = { readonly flaws: readonly { readonly ease: number }[] }

export function drawItem(world: CritiqueWorld, random: () => number): Item {
  const flaws = random() < world.flawed ? 1 + Math.floor(random() * world.flawsMax) : 0
  return {
    flaws: Array.from({ length: flaws }, () => ({ ease: random() < 0.5 ? world.ease : -world.ease })),
  }
}

export type Reading = { readonly found: number; readonly falseFlags: number; readonly right: boolean }

/** `credulous` is the kind of the rater. */
export function readItem(
  world: CritiqueWorld,
  item: Item,
  by: { readonly assisted: boolean; readonly credulous: boolean },
  random: () => number,
): Reading {
  let found = 0
  for (const { ease } of item.flaws) {
    const seen = random() < HUMAN_RECALL + ease
    const told = by.assisted && random() < CRITIC_RECALL + ease && random() < world.acceptsValid
    if (seen || told) found += 1
  }
  let falseFlags = random() < HUMAN_FALSE_ALARM ? 1 : 0
  if (by.assisted && random() < world.falseAlarm && random() < acceptance(world, by.credulous))
    falseFlags += 1
  return { found, falseFlags, right: found + falseFlags > 0 === item.flaws.length > 0 }
}

function acceptance({ acceptsInvalid }: CritiqueWorld, credulous: boolean): number {
  return Math.min(1, Math.max(0, acceptsInvalid + (credulous ? CREDULITY : -CREDULITY)))
}

/** Expected share of wrong decisions, exactly. `readers` people decide alone and one rejection is enough. */
export function expectedError(world: CritiqueWorld, assisted: boolean, readers = 1): number {
  const missed =
    [world.ease, -world.ease]
      .map((ease) => {
        const told = assisted ? (CRITIC_RECALL + ease) * world.acceptsValid : 0
        return (1 - HUMAN_RECALL - ease) ** readers * (1 - told)
      })
      .reduce((sum, one) => sum + one, 0) / 2
  let allMissed = 0
  for (let flaws = 1; flaws <= world.flawsMax; flaws++) allMissed += missed ** flaws / world.flawsMax
  const accepted = (acceptance(world, true) + acceptance(world, false)) / 2
  const quiet = (1 - HUMAN_FALSE_ALARM) ** readers * (assisted ? 1 - world.falseAlarm * accepted : 1)
  return world.flawed * allMissed * quiet + (1 - world.flawed) * (1 - quiet)
}

/** Critiques on an average item, valid and invalid. */
export function critiquesPerItem({ flawed, flawsMax, falseAlarm }: CritiqueWorld): number {
  return (flawed * CRITIC_RECALL * (1 + flawsMax)) / 2 + falseAlarm
}
