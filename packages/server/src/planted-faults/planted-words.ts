import type { Executor } from '../db/connect.ts'
import { plantedReport } from './planted-report.ts'

/** For a rater's card; nothing where the rater has met no planted fault. */
export async function plantedWords(
  executor: Executor,
  { projectId, id }: { readonly projectId: string; readonly id: string },
): Promise<readonly string[]> {
  const { raters } = await plantedReport(executor, projectId)
  const own = raters.find(({ raterId }) => raterId === id)
  if (own === undefined) return []
  const { caught, answers, low, high } = own.detection
  const percent = (share: number) => (100 * share).toFixed(0)
  const words = [
    `Caught ${caught} of ${answers} planted faults: between ${percent(low)} and ${percent(high)} % of such faults.`,
  ]
  if (own.rubberStamp.verdict === 'rubber-stamping')
    words.push(
      `Missed ${own.rubberStamp.fastMisses} of them faster than careful people read: answers may come without reading. A pause may be all it takes.`,
    )
  return words
}
