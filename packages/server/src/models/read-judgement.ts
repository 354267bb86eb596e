import { type Claim, SEVERITIES } from '@leeway/core/critiques/claim'
import type { Episode, Json } from '@leeway/core/episodes/episode'
import type { Answer } from '@leeway/core/rubrics/answer'
import { optionsOf, type Scale } from '@leeway/core/rubrics/scale'
import { CANNOT_TELL, NOT_APPLICABLE } from './judge-prompt.ts'

export type Judgement = {
  readonly answer: Exclude<Answer, { readonly kind: 'abstained' }> | 'cannot-tell'
  readonly reason: string
  /** Ordinals of steps that the episode has. */
  readonly steps: readonly number[]
  /** As the model wrote them: whether their quotes are there is checked where they are shown. */
  readonly claims: readonly Claim[]
}

const REASON_MAX = 4_000
const STEPS_MAX = 50
const CLAIMS_MAX = 10
const CLAIM_TEXT_MAX = 1_000

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
    claims: (Array.isArray(said.claims) ? (said.claims as readonly Json[]) : [])
      .flatMap(readClaim)
      .slice(0, CLAIMS_MAX),
  }
}

/** None when it is no claim: the answer is not refused for what goes beside it. */
function readClaim(given: Json): readonly Claim[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return []
  const { text, severity, step, quote } = given as { readonly [key: string]: Json }
  const known = SEVERITIES.find((one) => one === severity)
  if (typeof text !== 'string' || typeof quote !== 'string' || known === undefined) return []
  if (text.trim() === '' || quote.length > CLAIM_TEXT_MAX || !Number.isInteger(step)) return []
  return [
    {
      text: storableText(text).slice(0, CLAIM_TEXT_MAX),
      severity: known,
      step: step as number,
      quote: storableText(quote),
    },
  ]
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
