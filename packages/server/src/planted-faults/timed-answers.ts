import { readingTime, type TimedAnswer } from '@leeway/core/planted-faults/rubber-stamp'
import type { Careful } from './careful-seconds.ts'
import type { KnownFaultAnswer } from './fault-answers.ts'

/** Answers of one rater to planted faults, each beside the time that others need to read its question. */
export function timedAnswers(
  raterId: string,
  own: readonly KnownFaultAnswer[],
  careful: ReadonlyMap<string, readonly Careful[]>,
): readonly (TimedAnswer & { readonly at: Date })[] {
  return own.map(({ caught, seconds, criterionSha256, at }) => {
    const others = (careful.get(criterionSha256) ?? []).filter(({ rater }) => rater !== raterId)
    const reading = readingTime(others.map((one) => one.seconds))
    return { caught, seconds, at, readingSeconds: typeof reading === 'number' ? reading : null }
  })
}
