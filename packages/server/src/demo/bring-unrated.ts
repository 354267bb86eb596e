/**
 * Conversations of an agent of the demo whose outcome nobody knows yet. Most are of the kinds that were rated; some customers ask about
 * customs, which no rated one did. Drift is read at once, so that the gateway's page shows it, and the alert that it gives.
 */
import type { Episode, Step } from '@leeway/core/episodes/episode'
import { readDrift } from '../drift/read-drift.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import type { Effects } from '../http/environment.ts'
import type { Policy } from './world/policies/policy.ts'
import { createRng, type Rng } from './world/rng.ts'
import { simulateEpisode } from './world/simulate.ts'

const USUAL = 48
const ABOUT_CUSTOMS = 16
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
    return { ...told, durationMs: null, steps: [...steps.slice(0, 1), ...aboutCustoms(createRng(taskKey))] }
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

/** The world of the demo has no customs: what is said of them is drawn from a few sentences. The agent hands it to a person, as it should. */
function aboutCustoms(rng: Rng): readonly Step[] {
  const thing = rng.pick(['a lamp', 'a kettle', 'two chairs', 'a winter jacket', 'a coffee grinder'])
  const said = [
    step('user', `${rng.pick(HELLOS)} ${rng.pick(ASKED)(thing)}`),
    step('assistant', 'I cannot say anything about customs. I hand this to a colleague who can.'),
    step('tool_call', { ticketId: `T-${1_000 + rng.below(9_000)}`, reason: 'customs' }, 'escalate_to_person'),
    step('tool_result', { status: 'escalated' }, 'escalate_to_person'),
    step('user', rng.pick(['Thank you, I will wait.', 'All right. How long will that take?'])),
  ]
  return said.map((one, at) => ({ ...one, ordinal: at + 1 }))
}

const HELLOS = ['Hello!', 'Hi there!', 'Good morning.', 'Good afternoon.']
const ASKED: readonly ((thing: string) => string)[] = [
  (thing) =>
    `The customs office at the border holds ${thing} and wants an import licence. Where do I get one?`,
  (thing) => `Which tariff number do I declare for ${thing}, and who pays the import duty?`,
  (thing) =>
    `I live abroad, and the carrier asks for a customs invoice with the country of origin of ${thing}.`,
]

function step(kind: Step['kind'], content: Step['content'], name: string | null = null): Step {
  return {
    ordinal: 0,
    parent: null,
    kind,
    name,
    content,
    callId: name === null ? null : 'call-1',
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
  }
}
