/** What an agent's runtime does over the API while somebody watches the page: asks who serves, sends the runs, or not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '@leeway/contract/client'
import { assignUnits, checkRelease, startRelease } from '@leeway/contract/releases'

export type Runtime = {
  /** Imports one past run of each policy and starts a streaming release. Answers its id. */
  readonly start: () => Promise<string>
  /** `units` more units; of each policy's runs the given share fails. */
  readonly serve: (releaseId: string, units: number) => Promise<void>
  readonly check: (releaseId: string) => Promise<void>
}

export type Failing = { readonly baseline: number; readonly candidate: number }

/** Failures are spread evenly, so that the same number of units ends the same. */
export function agentRuntime(
  server: { readonly url: string; readonly dataDir: string },
  agent: string,
  failing: Failing,
): Runtime {
  const token = readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim()
  const client = createClient({ baseUrl: server.url, token, project: 'default' })
  let served = 0
  return {
    start: async () => {
      for (const policy of ['steady', 'hasty']) await send(client, agent, policy, [runOf('past', true)])
      const body = { agent, baseline: 'steady', candidate: 'hasty', unitSource: 'stream' as const }
      return (await client.call(startRelease, { body })).id
    },
    serve: async (releaseId, units) => {
      const numbers = Array.from({ length: units }, (_, index) => served + index)
      served += units
      await client.call(assignUnits, {
        params: { releaseId },
        body: { units: numbers.map((number) => `task:order-${number}`) },
      })
      for (const [policy, share] of [
        ['steady', failing.baseline],
        ['hasty', failing.candidate],
      ] as const)
        await send(
          client,
          agent,
          policy,
          numbers.map((number) => runOf(`order-${number}`, !failsAt(number, share))),
        )
    },
    check: async (releaseId) => {
      await client.call(checkRelease, { params: { releaseId }, body: {} })
    },
  }
}

/** One run as a line of our own JSONL. */
export function runOf(taskKey: string, success: boolean, more: object = {}): string {
  return JSON.stringify({
    ...more,
    taskKey,
    instructions: `See to ${taskKey}.`,
    steps: [
      { kind: 'user', content: `Please see to ${taskKey}.` },
      { kind: 'assistant', content: success ? 'Done.' : 'I could not.' },
    ],
    outcome: { success: success ? 1 : 0 },
  })
}

/** True for the stated share of the numbers, evenly spread. */
export function failsAt(number: number, share: number): boolean {
  return Math.floor((number + 1) * share) > Math.floor(number * share)
}

async function send(client: Client, agent: string, policy: string, lines: readonly string[]): Promise<void> {
  const answer = await client.send(`/api/projects/default/episodes/import?agent=${agent}&policy=${policy}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: lines.join('\n'),
  })
  const said = await answer.text()
  if (!said.includes('"summary"')) throw new Error(`the import did not finish: ${said.slice(-300)}`)
}
