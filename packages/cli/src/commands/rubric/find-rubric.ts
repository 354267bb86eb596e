import type { Client } from '@leeway/contract/client'
import { listRubrics, type RubricSummary } from '@leeway/contract/rubrics'
import { CommandError } from '../../exit-codes.ts'

/** By name or id, among those of the agent when one is named. Throws CommandError that lists what there is. */
export async function findRubric(client: Client, wanted: string, agent?: string): Promise<RubricSummary> {
  const { items } = await client.call(listRubrics, {})
  const own = items.filter((one) => agent === undefined || one.agent === agent)
  const found = own.filter(({ id, name }) => id === wanted || name === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw found.length > 1
    ? new CommandError(
        `${found.length} agents have a rubric "${wanted}".`,
        `Name one with --agent: ${found.map((one) => one.agent).join(', ')}.`,
      )
    : new CommandError(
        `There is no rubric "${wanted}".`,
        own.length === 0
          ? 'Save one first: leeway rubric apply FILE --agent NAME.'
          : `There is: ${own.map((one) => `${one.name} (${one.agent})`).join(', ')}.`,
      )
}
