/** What an agent of the demo would be served with: a contract that follows its release, and models at an address where nobody is. */

import { WriteContract } from '@leeway/contract/autonomy'
import { SetServing, SetUpstream } from '@leeway/contract/gateway'
import type { ToolTerms } from '@leeway/core/autonomy/contract'
import { writeContract } from '../contracts/write-contract.ts'
import { setServing, setUpstream } from '../gateway/set-up-gateway.ts'
import type { Effects } from '../http/environment.ts'

const UPSTREAM = 'simulated-models'
const CENTS_MAX = 20_000

const TOOLS: readonly ToolTerms[] = [
  { name: 'find_customer', stakes: 'read' },
  { name: 'get_*', stakes: 'read' },
  { name: 'list_orders', stakes: 'read' },
  { name: 'add_note', stakes: 'reversible' },
  { name: 'close_ticket', stakes: 'reversible' },
  { name: 'escalate_to_person', stakes: 'reversible' },
  { name: 'change_address', stakes: 'reversible' },
  { name: 'exchange_item', stakes: 'costly' },
  { name: 'cancel_order', stakes: 'costly' },
  {
    name: 'issue_refund',
    stakes: 'costly',
    arguments: {
      type: 'object',
      properties: { amountCents: { type: 'integer', minimum: 1, maximum: CENTS_MAX } },
    },
  },
]

export async function serveAgent(
  effects: Effects,
  projectId: string,
  agent: string,
  policies: { readonly baseline: string; readonly candidate: string },
  actor: string,
): Promise<void> {
  await setUpstream(
    effects,
    projectId,
    actor,
    SetUpstream.parse({ name: UPSTREAM, baseUrl: 'https://models.example.org/v1' }),
  )
  for (const policy of [policies.baseline, policies.candidate])
    await setServing(
      effects,
      projectId,
      actor,
      SetServing.parse({
        agent,
        policy,
        upstream: UPSTREAM,
        model: `help-desk-${policy}`,
        usdPerMillion: { input: 2.5, output: 10 },
      }),
    )
  await writeContract(
    effects,
    projectId,
    actor,
    WriteContract.parse({
      agent,
      baseline: policies.baseline,
      tools: TOOLS,
      grant: { stakes: 'costly', withoutReview: 0.9 },
      limits: { usdPerDay: 50 },
      reason: 'Simulated: what the help desk needs, with a person asked about one change in ten.',
    }),
  )
}
