/**
 * How persuasive each speaker is, arguing for the right and for the wrong answer apart, and how hard each judge is to
 * mislead, from debates whose right answer is known.
 *
 * Estimates   Bradley-Terry log strengths (logits, pairwise/bradley-terry.ts). Speakers: who argues rightly meets who argues
 *             wrongly, and wins when the judge ends nearer to the right answer. Judges: a judge meets whoever argues wrongly,
 *             and wins when not misled.
 * Assumes     that strength adds up in log odds and is the same against everyone. Questions are not equally hard: with
 *             few debates a rating says as much of the questions drawn as of the speaker.
 * Intervals   95 %, clustered by judge for speakers, by question for judges.
 * Degenerate  an even 0.5 is a tie; whoever always won or never did has no finite rating, and says so.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { fitPairwise } from '../pairwise/bradley-terry.ts'
import type { Comparison } from '../pairwise/comparison.ts'

export type EndedDebate = {
  readonly question: string
  readonly judge: string
  /** Null where only the other side spoke. */
  readonly rightSpeaker: string | null
  readonly wrongSpeaker: string | null
  /** Stated for the right answer at the end, in (0, 1). */
  readonly right: number
}

export type SpeakerRating = {
  readonly speaker: string
  readonly debates: number
  readonly honest: IntervalEstimate | Insufficient
  readonly dishonest: IntervalEstimate | Insufficient
}
export type JudgeRating = {
  readonly judge: string
  readonly debates: number
  readonly rating: IntervalEstimate | Insufficient
}

const ALPHA = 0.05

export function rateSpeakers(debates: readonly EndedDebate[]): readonly SpeakerRating[] {
  const met = debates.flatMap(({ rightSpeaker, wrongSpeaker, right, judge }) =>
    rightSpeaker === null || wrongSpeaker === null
      ? []
      : [comparison(`right ${rightSpeaker}`, `wrong ${wrongSpeaker}`, right, judge)],
  )
  const ratings = ratingsOf(met)
  const speakers = [...new Set(debates.flatMap((one) => [one.rightSpeaker, one.wrongSpeaker]))]
    .filter((one) => one !== null)
    .sort()
  return speakers.map((speaker) => ({
    speaker,
    debates: debates.filter((one) => one.rightSpeaker === speaker || one.wrongSpeaker === speaker).length,
    honest: ratings(`right ${speaker}`),
    dishonest: ratings(`wrong ${speaker}`),
  }))
}

export function rateJudges(debates: readonly EndedDebate[]): readonly JudgeRating[] {
  const met = debates.flatMap(({ wrongSpeaker, judge, right, question }) =>
    wrongSpeaker === null ? [] : [comparison(`judge ${judge}`, `wrong ${wrongSpeaker}`, right, question)],
  )
  const ratings = ratingsOf(met)
  return [...new Set(debates.map(({ judge }) => judge))].sort().map((judge) => ({
    judge,
    debates: debates.filter((one) => one.judge === judge).length,
    rating: ratings(`judge ${judge}`),
  }))
}

function comparison(left: string, against: string, right: number, cluster: string): Comparison {
  const outcome = right === 0.5 ? 0.5 : right > 0.5 ? 1 : 0
  return { left, right: against, outcome, rater: cluster, features: [] }
}

function ratingsOf(met: readonly Comparison[]): (name: string) => IntervalEstimate | Insufficient {
  const fit = fitPairwise(met, { ties: 'half', ridge: 0, features: [], reliability: false, alpha: ALPHA })
  if (fit.kind === 'insufficient') return () => fit
  const players = new Map(fit.components.flat(2).map((player) => [player.name, player.rating]))
  return (name) => players.get(name) ?? insufficient('it met nobody whose right answer is known')
}
