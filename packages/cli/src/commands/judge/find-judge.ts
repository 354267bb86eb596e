import type { Client } from '@leeway/contract/client'
import { type JudgeView, listJudges } from '@leeway/contract/judges'
import { listRubrics } from '@leeway/contract/rubrics'
import { CommandError } from '../../exit-codes.ts'
import { plainText } from '../../output.ts'

/** A judge by its id or name; of several with one name, the one declared last. Throws CommandError. */
export async function findJudge(client: Client, name: string): Promise<JudgeView> {
  const { items } = await client.call(listJudges)
  const found = items.find((judge) => judge.id === name) ?? items.find((judge) => judge.name === name)
  if (found !== undefined) return found
  throw new CommandError(
    `There is no judge "${name}".`,
    known(items, 'Declare one: leeway judge declare NAME --model MODEL.'),
  )
}

/** Id of a rubric by its id or name; of several agents' with one name, the agent must be told by id. Throws CommandError. */
export async function findRubricId(client: Client, name: string): Promise<string> {
  const { items } = await client.call(listRubrics)
  const found = items.filter((rubric) => rubric.id === name || rubric.name === name)
  if (found.length === 1 && found[0] !== undefined) return found[0].id
  if (found.length > 1)
    throw new CommandError(
      `Several agents have a rubric "${name}".`,
      `Give the id: ${found.map(({ id, agent }) => `${id} (${plainText(agent)})`).join(', ')}.`,
    )
  throw new CommandError(`There is no rubric "${name}".`, known(items, 'Save one first.'))
}

const known = (items: readonly { readonly name: string }[], otherwise: string): string =>
  items.length === 0
    ? otherwise
    : `Known: ${items
        .slice(0, 10)
        .map((item) => `"${plainText(item.name)}"`)
        .join(', ')}.`
