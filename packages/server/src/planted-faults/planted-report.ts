/** What raters made of planted faults: how many they caught, beside natural ones, and who passes them unread. */
import type { PlantedReport } from '@leeway/contract/planted-faults'
import { detectionDifference, detectionOf } from '@leeway/core/planted-faults/detection-difference'
import { OPERATOR_NAMES } from '@leeway/core/planted-faults/operator'
import { testRubberStamp } from '@leeway/core/planted-faults/rubber-stamp'
import type { Executor } from '../db/connect.ts'
import { type Careful, carefulSeconds } from './careful-seconds.ts'
import { detectionWords } from './detection-words.ts'
import { faultAnswers, type KnownFaultAnswer } from './fault-answers.ts'
import { plantedList } from './planted-list.ts'
import { timedAnswers } from './timed-answers.ts'

export async function plantedReport(executor: Executor, projectId: string): Promise<PlantedReport> {
  const items = [...(await plantedList(executor, projectId))]
  const answers = await faultAnswers(executor, projectId)
  const planted = answers.filter(({ operator }) => operator !== null)
  const asked = new Set(planted.map(({ criterionSha256 }) => criterionSha256))
  // Of the same questions, or the questions would be compared.
  const natural = answers.filter(
    ({ operator, criterionSha256 }) => operator === null && asked.has(criterionSha256),
  )
  const compared = detectionDifference(planted, natural)
  const careful = await carefulSeconds(executor, projectId)
  return {
    items,
    operators: OPERATOR_NAMES.flatMap((operator) => {
      const own = planted.filter((answer) => answer.operator === operator)
      return own.length === 0 ? [] : [{ operator, detection: detectionOf(own) }]
    }),
    raters: byRater(planted, careful),
    againstNatural:
      compared.kind === 'insufficient'
        ? null
        : { planted: compared.planted, natural: compared.natural, ...compared.difference },
    words: [detectionWords(compared)],
  }
}

function byRater(planted: readonly KnownFaultAnswer[], careful: ReadonlyMap<string, readonly Careful[]>) {
  const raters = new Map<string, KnownFaultAnswer[]>()
  for (const answer of planted) raters.set(answer.rater, [...(raters.get(answer.rater) ?? []), answer])
  return [...raters].map(([raterId, own]) => {
    const { verdict, fastMisses, low, high } = testRubberStamp(timedAnswers(raterId, own, careful))
    return {
      raterId,
      name: own[0]?.name ?? '',
      detection: detectionOf(own),
      rubberStamp: { verdict, fastMisses, low, high },
    }
  })
}
