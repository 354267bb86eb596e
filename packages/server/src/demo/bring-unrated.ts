/**
 * Conversations of an agent of the demo whose outcome nobody knows yet. Most are of the kinds that were rated; some customers ask about
 * customs, which no rated one did. Drift is read at once, so that the gateway's page shows it, and the alert that it gives.
 */
import type { Episode, Step } from '@leeway/core/episodes/episode'
import { readDrift } from '../drift/read-drift.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import type { Effects } from '../http/environment.ts'
import { drawRequest } from './world/draw-request.ts'
import type { Policy } from './world/policies/policy.ts'
import type { Part, Wish } from './world/request.ts'
import { createRng } from './world/rng.ts'
import { simulateEpisode } from './world/simulate.ts'
import type { ToolArguments } from './world/tool.ts'
import { callTool } from './world/tools.ts'

const USUAL = 48
const ABOUT_CUSTOMS = 24
const UNKNOWN = { success: null, severe: false, detail: { simulated: true } }

export async function bringUnrated(
  effects: Effects,
  projectId: string,
  agent: string,
  { policy, seed }: { readonly policy: Policy; readonly seed: string },
  actor: string,
): Promise<void> {
  const startedAt = effects.now().toISOString()
  const conversation = (taskKey: string): Episode => ({
    ...simulateEpisode({ policy, taskKey, seed, startedAt }),
    agentName: agent,
    outcome: UNKNOWN,
  })
  const usual = Array.from({ length: USUAL }, (_, at) => conversation(`${agent}-unrated-${at}`))
  const asked = Array.from({ length: ABOUT_CUSTOMS }, (_, at) => {
    const taskKey = `${agent}-customs-${at}`
    const { steps, ...told } = conversation(taskKey)
    const said = [...steps.slice(0, 1), ...aboutCustoms(taskKey, seed)]
    return {
      ...told,
      instructions: String(said[1]?.content),
      durationMs: null,
      steps: said.map((one, ordinal) => ({ ...one, ordinal })),
    }
  })
  await importEpisodes(effects, {
    projectId,
    actor,
    fileName: 'simulated help desk',
    source: { episodes: [...usual, ...asked] },
    simulated: true,
  })
  await readDrift(effects)
}

/**
 * The world has no customs: the words about them are a few sentences. Who asks, about which order, and what the tools answer are of the
 * world. The agent hands it to a person, as it does where its handbook says so, so that what it does is nothing new.
 */
function aboutCustoms(taskKey: string, seed: string): readonly Step[] {
  const { request, store } = drawRequest(taskKey, seed)
  const { name, email, postcode } = request.claims
  const { orderId, product } = (request.parts[0] as Part).wishes[0] as Wish
  const rng = createRng(`customs ${seed} ${taskKey}`)
  const call = (tool: string, args: ToolArguments): readonly Step[] => {
    const result = callTool(store, tool, args)
    const answer = result.ok ? result.value : { error: result.code, message: result.message }
    return [step('tool_call', args, tool), step('tool_result', answer, tool)]
  }
  return [
    step(
      'user',
      `${rng.pick(HELLOS)} ${rng.pick(HELD)(product)} ${rng.pick(WANTED)} It is order ${orderId}.`,
    ),
    step('assistant', 'Before I look anything up, please tell me your email address and postcode.'),
    step('user', `${name}, ${email}, postcode ${postcode}.`),
    ...call('find_customer', { email }),
    ...call('get_order', { orderId }),
    ...call('escalate_to_person', { ticketId: request.ticketId, reason: 'customs' }),
    step(
      'assistant',
      'A colleague who knows about customs will write to you. Can I help with anything else?',
    ),
    step('user', rng.pick(['No, that is all. Thank you!', 'That was everything, thanks.'])),
    step('assistant', 'Thank you for writing. Goodbye!'),
  ]
}

const HELLOS = ['Hello!', 'Hi there!', 'Good morning.', 'Good afternoon.']
const HELD: readonly ((product: string) => string)[] = [
  (product) => `The customs office at the border holds the ${product} and wants an import licence from us.`,
  (product) => `A letter says that import duty is due on the ${product}, with a form in a foreign language.`,
  (product) =>
    `I live abroad, and the carrier asks for a customs invoice with the country of origin of the ${product}.`,
]
const WANTED = [
  'Which tariff number do I declare, and who pays the duty?',
  'Do you send such papers, or does the embassy give them out?',
  'Is there an exemption for a personal import below a certain value?',
]

function step(kind: Step['kind'], content: Step['content'], name: string | null = null): Step {
  return {
    ordinal: 0,
    parent: null,
    kind,
    name,
    content,
    callId: name === null ? null : `call-${name}`,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
  }
}
