import type { Client } from '@leeway/contract/client'
import { listPolicies, type Policy } from '@leeway/contract/policies'
import { CommandError } from '../../exit-codes.ts'
import { plainText } from '../../output.ts'

/** A policy of the agent by its name or id. Throws CommandError that lists what there is. */
export async function findPolicy(client: Client, agent: string, name: string): Promise<Policy> {
  const own = (await client.call(listPolicies)).items.filter(({ agentName }) => agentName === agent)
  const found = own.filter((policy) => policy.id === name || policy.name === name)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw found.length > 1
    ? new CommandError(
        `"${name}" stands for ${found.length} different configurations.`,
        `Give the id: ${found.map(({ id }) => id).join(', ')}.`,
      )
    : new CommandError(
        `The agent "${agent}" has no policy "${name}".`,
        own.length === 0
          ? 'Import its episodes first: leeway episode import FILE --agent A --policy P.'
          : `There is: ${own.map((policy) => plainText(policy.name)).join(', ')}.`,
      )
}
