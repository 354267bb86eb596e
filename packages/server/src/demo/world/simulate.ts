import { type Episode, NORMALISER_VERSION } from '@leeway/core/episodes/episode'
import { openConversation } from './conversation.ts'
import { drawRequest } from './draw-request.ts'
import { judgeOutcome } from './outcome.ts'
import type { Policy } from './policies/policy.ts'
import { runAgent } from './policies/run-agent.ts'
import { createRng } from './rng.ts'

/**
 * One episode of the simulated help desk. Equal arguments give an equal episode. Task key and seed decide the
 * request, so episodes of two policies with the same task key and seed are a pair.
 * @param startedAt UTC, ISO 8601. It moves the times of the steps and changes nothing else.
 * @throws RangeError when `startedAt` is not a time or `taskKey` is empty.
 */
export function simulateEpisode({ policy, taskKey, seed, startedAt }: Simulation): Episode {
  const startedAtMs = Date.parse(startedAt)
  if (Number.isNaN(startedAtMs))
    throw new RangeError(`startedAt: expected an ISO 8601 time, got ${startedAt}`)
  if (taskKey === '') throw new RangeError('taskKey: expected text, got an empty one')
  const { request, store } = drawRequest(taskKey, seed)
  const before = drawRequest(taskKey, seed).store
  const rngs = {
    customer: createRng(`customer\u0000${seed}\u0000${taskKey}`), // the same first message for every policy
    agent: createRng(`agent\u0000${seed}\u0000${taskKey}\u0000${policy.name}`),
  }
  const { desk, opening, finish } = openConversation(request, store, before, rngs, BRIEFING, startedAtMs)
  runAgent(desk, opening, policy.config)
  const { steps, durationMs } = finish()
  return {
    normaliserVersion: NORMALISER_VERSION,
    sourceId: `simulated:${seed}:${policy.name}:${taskKey}`,
    instructions: opening.text,
    taskKey,
    trial: null,
    userKey: null,
    sessionKey: null,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs,
    steps,
    outcome: judgeOutcome(request, before, store),
    agentName: 'help-desk',
    policyName: policy.name,
    policyConfig: policy.config,
  }
}

export type Simulation = {
  readonly policy: Policy
  readonly taskKey: string
  readonly seed: string
  readonly startedAt: string
}

const BRIEFING =
  'You are the help desk of an online shop. Help the customer within the rules of the shop, using the tools. Leave the ticket closed, or hand it to a person.'
