/** Small episodes for tests and benchmarks of storage. */
import { type Episode, NORMALISER_VERSION, type Step } from '@leeway/core/episodes/episode'

export function sampleStep(ordinal: number, more: Partial<Step> = {}): Step {
  return {
    ordinal,
    parent: null,
    kind: ordinal % 2 === 0 ? 'user' : 'assistant',
    name: null,
    content: `Step ${ordinal}: please look at order ${1000 + ordinal}.`,
    callId: null,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
    ...more,
  }
}

export function sampleEpisode(number: number, more: Partial<Episode> = {}): Episode {
  return {
    normaliserVersion: NORMALISER_VERSION,
    sourceId: null,
    instructions: `Help customer ${number} with an order.`,
    taskKey: `task-${number}`,
    trial: null,
    userKey: null,
    sessionKey: null,
    startedAt: null,
    durationMs: null,
    steps: [sampleStep(0), sampleStep(1), sampleStep(2)],
    outcome: { success: number % 4 === 0 ? 0 : 1, severe: false, detail: null },
    agentName: null,
    policyName: null,
    policyConfig: null,
    ...more,
  }
}
