import { createHash } from 'node:crypto'
import type { Episode, Json } from '@leeway/core/episodes/episode'
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
  const {
    normaliserVersion,
    instructions,
    steps,
    outcome,
    taskKey,
    userKey,
    sessionKey,
    startedAt,
    durationMs,
  } = episode
  const content: { readonly [key: string]: Json } = {
    normaliserVersion,
    instructions,
    steps: steps as readonly Json[],
    outcome,
    taskKey,
    userKey,
    sessionKey,
    startedAt,
    durationMs,
  }
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}
