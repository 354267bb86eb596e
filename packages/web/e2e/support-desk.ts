/** An agent "support" with runs to practise on, and a rubric with one question about them. */
import type { Client } from '@leeway/contract/client'
import { listEpisodes } from '@leeway/contract/episodes'
import { saveRubric, showRubric } from '@leeway/contract/rubrics'

export const SUPPORT_RUBRIC = `name: support
question: Did the agent follow the instructions in this episode?
guidance: Yes only if it did what was asked.
answeredBy: [human, model]
`

export type SupportDesk = {
  readonly rubric: string
  readonly criterionSha256: string
  readonly runs: readonly { readonly id: string; readonly taskKey: string; readonly right: 'yes' | 'no' }[]
}

/** Every run tells in its instructions which answer is right. */
export async function supportDesk(client: Client, many: number): Promise<SupportDesk> {
  const lines = Array.from({ length: many }, (_, number) =>
    JSON.stringify({
      taskKey: `practice-${number}`,
      instructions: `The right answer is ${number % 2 === 0 ? 'yes' : 'no'}.`,
      steps: [{ kind: 'user', content: `Ticket number ${number}, as asked.` }],
      outcome: { success: null },
    }),
  )
  await importRuns(client, 'support', 'practice', lines)
  const { id: rubric } = await client.call(saveRubric, { body: { agent: 'support', source: SUPPORT_RUBRIC } })
  const { nodes } = await client.call(showRubric, { params: { rubric } })
  const { items } = await client.call(listEpisodes, { query: { policy: 'practice', limit: 200 } })
  return {
    rubric,
    criterionSha256: nodes[0]?.criterion?.sha256 ?? '',
    runs: items.map(({ id, taskKey }) => ({
      id,
      taskKey: taskKey ?? '',
      right: Number(taskKey?.split('-')[1]) % 2 === 0 ? 'yes' : 'no',
    })),
  }
}

export async function importRuns(client: Client, agent: string, policy: string, lines: readonly string[]) {
  const sent = await client.send(`/api/projects/default/episodes/import?agent=${agent}&policy=${policy}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: lines.join('\n'),
  })
  await sent.text()
}
