import type { Client } from '@leeway/contract/client'
import { type ComparisonList, listComparisons } from '@leeway/contract/comparisons'
import { CommandError } from '../../exit-codes.ts'
import { plainText } from '../../output.ts'

export type FindOptions = { readonly agent?: string; readonly question?: string }

/** By agent, and by words of the question or the beginning of its hash; neither is needed where there is one. */
export async function findComparison(
  client: Client,
  { agent, question }: FindOptions,
): Promise<ComparisonList['questions'][number]> {
  const { questions } = await client.call(listComparisons)
  const words = question?.toLowerCase()
  const found = questions.filter(
    (one) =>
      (agent === undefined || one.agent === agent) &&
      (words === undefined ||
        one.question.toLowerCase().includes(words) ||
        one.criterionSha256.startsWith(words)),
  )
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw found.length > 1
    ? new CommandError(
        `${found.length} questions are meant.`,
        `Name one with --agent and --question: ${found
          .map(
            (one) =>
              `${plainText(one.agent)}: ${plainText(one.question)} (${one.criterionSha256.slice(0, 8)})`,
          )
          .join('; ')}.`,
      )
    : new CommandError(
        'Nothing was asked to be compared by such a question.',
        'List what was: leeway comparison list. Ask: leeway comparison ask.',
      )
}
