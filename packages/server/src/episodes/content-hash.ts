import { createHash } from 'node:crypto'
import type { Episode, Step } from '@leeway/core/episodes/episode'
import { canonicalJson } from './canonical-json.ts'

/**
 * SHA-256, in hex, of what happened in an episode, as RFC 8785 canonical JSON.
 *
 * In: normaliserVersion, instructions, steps, outcome, taskKey, userKey, sessionKey, startedAt, durationMs. The keys
 * and times are in because two short runs of two users can have the same words and are still two episodes.
 *
 * Out: sourceId and trial (columns of the identity on their own, so that the same source id with other content can be
 * told), agentName, policyName and policyConfig (the importer's flags win over them, and the same file imported with a
 * flag is the same episode), and everything the import adds (file name, time of import, our own ids).
 */
export function contentHash(episode: Episode): string {
  return createHash('sha256').update(canonicalContent(episode)).digest('hex')
}

/**
 * The text that is hashed. The fixed fields are written in their canonical order by hand, because sorting the same
 * keys of every step again was a tenth of an import; the test holds it against `canonicalJson` of the whole.
 */
export function canonicalContent(episode: Episode): string {
  const fields = [
    `"durationMs":${JSON.stringify(episode.durationMs)}`,
    `"instructions":${JSON.stringify(episode.instructions)}`,
    `"normaliserVersion":${episode.normaliserVersion}`,
    `"outcome":${canonicalJson(episode.outcome)}`,
    `"sessionKey":${JSON.stringify(episode.sessionKey)}`,
    `"startedAt":${JSON.stringify(episode.startedAt)}`,
    `"steps":[${episode.steps.map(canonicalStep).join(',')}]`,
    `"taskKey":${JSON.stringify(episode.taskKey)}`,
    `"userKey":${JSON.stringify(episode.userKey)}`,
  ]
  return `{${fields.join(',')}}`
}

function canonicalStep(step: Step): string {
  // Of a string, a number or null, JSON.stringify is the canonical form already (RFC 8785, 3.2.2).
  const content =
    typeof step.content === 'string' ? JSON.stringify(step.content) : canonicalJson(step.content)
  return (
    `{"callId":${JSON.stringify(step.callId)},"content":${content},"durationMs":${JSON.stringify(step.durationMs)}` +
    `,"error":${JSON.stringify(step.error)},"inputTokens":${JSON.stringify(step.inputTokens)},"kind":"${step.kind}"` +
    `,"logprobs":${JSON.stringify(step.logprobs)},"name":${JSON.stringify(step.name)},"ordinal":${step.ordinal}` +
    `,"outputTokens":${JSON.stringify(step.outputTokens)},"parent":${JSON.stringify(step.parent)}` +
    `,"startedAt":${JSON.stringify(step.startedAt)}}`
  )
}
