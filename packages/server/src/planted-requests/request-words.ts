import { exactDetection } from '@leeway/core/planted-faults/exact-detection'
import { testRubberStamp } from '@leeway/core/planted-faults/rubber-stamp'
import type { Executor } from '../db/connect.ts'
import { requestAnswers, toldUntil } from './request-answers.ts'

/** For the card of a person; nothing where they decided about no planted request. */
export async function requestWords(
  executor: Executor,
  { projectId, userId }: { readonly projectId: string; readonly userId: string | null },
  now: Date,
): Promise<readonly string[]> {
  if (userId === null) return []
  const own = (await requestAnswers(executor, projectId, toldUntil(now))).filter(
    ({ actor }) => actor === `person:${userId}`,
  )
  if (own.length === 0) return []
  const { caught, answers, low, high } = exactDetection(own)
  const percent = (share: number) => (100 * share).toFixed(0)
  const { verdict, fastMisses } = testRubberStamp(own)
  const words = [
    `Caught ${caught} of ${answers} planted requests among held calls: between ${percent(low)} and ${percent(high)} % of such requests.`,
  ]
  if (verdict === 'rubber-stamping')
    words.push(
      `Approved ${fastMisses} of them faster than they can be read: decisions may come without reading. A pause may be all it takes.`,
    )
  return words
}
