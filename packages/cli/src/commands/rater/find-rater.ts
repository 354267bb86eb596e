import type { Client } from '@leeway/contract/client'
import { listRaters, type RaterSummary } from '@leeway/contract/raters'
import { CommandError } from '../../exit-codes.ts'

/** By name or id. Two of one name are told apart by their ids. */
export async function findRater(client: Client, nameOrId: string): Promise<RaterSummary> {
  const { items } = await client.call(listRaters)
  const found = items.filter(({ id, name }) => id === nameOrId || name === nameOrId)
  const [rater] = found
  if (rater === undefined)
    throw new CommandError(`There is no rater "${nameOrId}".`, 'List them: leeway rater list.')
  if (found.length > 1)
    throw new CommandError(
      `${found.length} raters are called "${nameOrId}".`,
      `Name one by its id: ${found.map(({ id, kind }) => `${id} (${kind})`).join(', ')}.`,
    )
  return rater
}
