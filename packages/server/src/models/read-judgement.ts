import type { Episode, Json } from '@leeway/core/episodes/episode'
import type { Answer } from '@leeway/core/rubrics/answer'
import { optionsOf, type Scale } from '@leeway/core/rubrics/scale'
import { CANNOT_TELL, NOT_APPLICABLE } from './judge-prompt.ts'

export type Judgement = {
  readonly answer: Exclude<Answer, { readonly kind: 'abstained' }> | 'cannot-tell'
  readonly reason: string
  /** Ordinals of steps that the episode has. */
  readonly steps: readonly number[]
}

const REASON_MAX = 4_000
const STEPS_MAX = 50

/** What the model's JSON object says; null when it is none, or its answer is none of the scale's. */
export function readJudgement(
  value: Json | undefined,
  scale: Scale,
  episode: Pick<Episode, 'steps'>,
): Judgement | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const said = value as { readonly [key: string]: Json }
  const answer = readAnswer(said.answer, scale)
  if (answer === null) return null
  const reason = typeof said.reason === 'string' ? said.reason : ''
  const steps = Array.isArray(said.steps) ? (said.steps as readonly Json[]) : []
  return {
    answer,
    reason: storableText(reason).slice(0, REASON_MAX),
    steps: [...new Set(steps)]
      .filter((step): step is number => Number.isInteger(step) && episode.steps[step as number] !== undefined)
      .slice(0, STEPS_MAX),
  }
}

function readAnswer(given: Json | undefined, scale: Scale): Judgement['answer'] | null {
  if (scale.kind === 'number') {
    const number = typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given
    if (typeof number === 'number')
      return number >= scale.min && number <= scale.max ? { kind: 'answered', value: number } : null
  }
  if (typeof given !== 'string') return null
  const said = given.trim().toLowerCase()
  const options = optionsOf(scale) ?? []
  const exact = options.find((option) => option === given)
  const alike = options.filter((option) => option.toLowerCase() === said)
  const option = exact ?? (alike.length === 1 ? alike[0] : undefined)
  if (option !== undefined) return { kind: 'answered', value: option }
  if (said === NOT_APPLICABLE) return { kind: 'not-applicable' }
  return said === CANNOT_TELL ? 'cannot-tell' : null
}

/** PostgreSQL keeps no zero characters and no half surrogates. */
export function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\u0000', '\ufffd'), 'utf8').toString('utf8')
}
