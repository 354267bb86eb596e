/**
 * What is known of each rater, on one card; and what holds for all of them together.
 *
 * Level       LEVEL for each card's accuracy and drift. Biases are many questions at once (raters x features): each
 *             interval is Bonferroni's, so that all of them hold together with LEVEL.
 * Degenerate  every part says by itself when it has too little to go on.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { type JudgedRating, type JudgedRatings, ratingsByRater } from './judged-ratings.ts'
import { raterBias, sharedBias } from './rater-bias.ts'
import { type RaterDependence, raterDependence } from './rater-dependence.ts'
import { raterDrift } from './rater-drift.ts'
import { panelSkill, type RaterSkill, raterSkill } from './rater-skill.ts'
import { type StatedConfidence, statedConfidence } from './stated-confidence.ts'

const LEVEL = 0.95

/** What a rating has or has not, in words that complete "with …": "words above 300". */
export type RatingFeature = { readonly name: string; readonly has: (rating: JudgedRating) => boolean }

export type FeatureBias = {
  readonly feature: string
  /** How much more often `label` is answered with the feature, beyond what is believed true. */
  readonly label: number
  readonly bias: IntervalEstimate | Insufficient
}

export type RaterCard = {
  readonly rater: string
  readonly skill: RaterSkill
  readonly biases: readonly FeatureBias[]
  readonly drift: IntervalEstimate | Insufficient
  readonly confidence: StatedConfidence | Insufficient
}

export type PanelCard = {
  readonly raters: readonly RaterCard[]
  /** Against gold: what the panel has in common does not show against the panel. */
  readonly sharedBiases: readonly FeatureBias[]
  readonly dependence: RaterDependence
}

export type PanelQuestions = {
  readonly features?: readonly RatingFeature[]
  /** Class whose share is watched for biases, for example "pass"; the last one when none is given. */
  readonly label?: number
  /** The ratings stand in the order of time. Drift is looked for only then. */
  readonly inOrder?: boolean
}

export function panelCard(judged: JudgedRatings, questions: PanelQuestions = {}): PanelCard {
  const { features = [], label = judged.classes.length - 1, inOrder = false } = questions
  const panel = panelSkill(judged)
  const own = ratingsByRater(judged)
  const together = 1 - (1 - LEVEL) / Math.max(1, features.length * judged.raters.length)
  const shared = 1 - (1 - LEVEL) / Math.max(1, features.length)
  return {
    raters: judged.raters.map((rater, index) => {
      const ratings = own[index] ?? []
      return {
        rater,
        skill: raterSkill(judged, ratings, panel, LEVEL),
        biases: features.map(({ name, has }) => ({
          feature: name,
          label,
          bias: raterBias(judged, ratings, { label, hasFeature: has }, together),
        })),
        drift: inOrder ? raterDrift(judged, ratings, LEVEL) : insufficient('the order in time is not known'),
        confidence: statedConfidence(judged, ratings, LEVEL),
      }
    }),
    sharedBiases: features.map(({ name, has }) => ({
      feature: name,
      label,
      bias: sharedBias(judged, { label, hasFeature: has }, shared),
    })),
    dependence: raterDependence(judged),
  }
}
