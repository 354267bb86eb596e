/**
 * Which stage's region a unit belongs to, from what is known of it before it is served.
 *
 * A stage that widens allows everything the stages before it allowed, and something more. Only units of that "more"
 * may speak for loosening it: a hundred easy units say nothing about a hard one.
 *
 * Input       `steps` the length expected (steps), `stakes` the highest stakes class of a call expected; null where the
 *             caller cannot say. An unknown counts as the narrowest: it never opens a wider region.
 * Limits      tools and KL belong to the policy, not to the unit, and are not looked at.
 */
import { STAKES, type Stakes } from '../episodes/episode.ts'
import { type Ladder, type Region, regionKey } from './ladder.ts'

export type UnitTraits = { readonly steps: number | null; readonly stakes: Stakes | null }

export type UnitPlace =
  /** Of the region that the present stage is about. */
  | { readonly kind: 'inside'; readonly region: string }
  /** Allowed here, but an earlier stage was about it. */
  | { readonly kind: 'covered'; readonly region: string }
  /** Longer, or with more at stake, than this stage allows: the baseline serves it. */
  | { readonly kind: 'beyond'; readonly region: string }

export const BEYOND = 'beyond'

export function unitPlace(ladder: Ladder, stageIndex: number, traits: UnitTraits): UnitPlace {
  const present = ladder.stages[stageIndex]
  if (!present) throw new RangeError(`the ladder has no stage ${stageIndex}`)
  const first = ladder.stages.slice(0, stageIndex + 1).find(({ region }) => allows(region, traits))
  if (!first) return { kind: 'beyond', region: BEYOND }
  const { horizonSteps, stakes } = first.region
  const inside = horizonSteps === present.region.horizonSteps && stakes === present.region.stakes
  return {
    kind: inside ? 'inside' : 'covered',
    region: regionKey({ ...present.region, horizonSteps, stakes }),
  }
}

function allows(region: Region, { steps, stakes }: UnitTraits): boolean {
  return (
    (steps === null || steps <= region.horizonSteps) &&
    (stakes === null || STAKES.indexOf(stakes) <= STAKES.indexOf(region.stakes))
  )
}
