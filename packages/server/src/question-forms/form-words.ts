import { compareForms } from '@leeway/core/question-forms/compare-forms'
import type { Executor } from '../db/connect.ts'
import { givenAnswers } from './form-report.ts'

const SEED = 1

/** For a rater's card, over all questions; nothing where the rater checked no answer. */
export async function formWords(
  executor: Executor,
  { projectId, id }: { readonly projectId: string; readonly id: string },
): Promise<readonly string[]> {
  const own = (await givenAnswers(executor, projectId)).filter(({ rater }) => rater === id)
  const { verify, acceptedWrong, refusedRight } = compareForms(own, SEED)
  if (verify.answers === 0) return []
  const known =
    verify.known === 0 ? 'none on a known item' : `right in ${verify.right} of ${verify.known} on known items`
  const { count, of, interval } = acceptedWrong
  const percent = (share: number) => (100 * share).toFixed(0)
  return [
    `Checked ${verify.answers} answers of others, ${known}.`,
    ...(interval === null
      ? []
      : [
          `Accepted ${count} of ${of} wrong answers that were proposed: between ${percent(interval.low)} and ${percent(interval.high)} % of such; turned down ${refusedRight.count} of ${refusedRight.of} right ones.`,
        ]),
  ]
}
