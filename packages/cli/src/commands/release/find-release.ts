import type { Client } from '@leeway/contract/client'
import { listReleases, type ReleaseSummary } from '@leeway/contract/releases'
import { CommandError } from '../../exit-codes.ts'

/** A release by its handle ("retail 2"), by its id, or, for an agent's name alone, its newest. Throws CommandError. */
export async function findRelease(client: Client, name: string): Promise<ReleaseSummary> {
  const known: ReleaseSummary[] = []
  let cursor: string | undefined
  do {
    const page = await client.call(listReleases, {
      query: cursor === undefined ? { limit: 200 } : { limit: 200, cursor },
    })
    known.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  const found =
    known.find((release) => release.id === name || release.handle === name) ??
    known.find((release) => release.agent === name)
  if (found) return found
  throw new CommandError(
    `There is no release "${name}".`,
    known.length === 0
      ? 'Start one: leeway release start --agent A --baseline B --candidate C.'
      : `Known: ${known
          .slice(0, 10)
          .map(({ handle }) => `"${handle}"`)
          .join(', ')}.`,
  )
}
