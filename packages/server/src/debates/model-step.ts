/**
 * One step of a debate by a model, safe to break off anywhere: claim it (and its cost) → ask the model → record call and
 * step and the end of the claim in one transaction. A recorded step is never asked again; two processes never ask one at once.
 */
import { hash } from 'node:crypto'
import { PROBABILITY_MIN } from '@leeway/core/debates/judge-score'
import { cutSpeech } from '@leeway/core/debates/speech'
import type { Json } from '@leeway/core/episodes/episode'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import { type AskEnvironment, askModel, askMsMax, type Reply } from '../models/ask-model.ts'
import type { Judge } from '../models/judge.ts'
import { storableText } from '../models/read-judgement.ts'
import { recordCall } from '../models/record-call.ts'
import { claimQuestion, giveBackClaim } from '../models/spend.ts'
import { DEBATE_PROMPT, debatePrompt } from './debate-prompt.ts'
import { recordJudgment, recordSpeech } from './record-step.ts'
import { findDebate, type Seat, type StoredDebate, seatsAwaited } from './stored-debate.ts'

/** 'later': the endpoint did not answer, the limit is reached, or another process is at it. */
export type StepOutcome = 'recorded' | 'later'

const TEXT_MAX = 16_000

/** Throws what the database throws, and when stopped; then nothing is recorded. */
export async function modelStep(
  effects: Effects,
  debate: StoredDebate,
  seat: Seat,
  judge: Judge,
  environment: AskEnvironment,
): Promise<StepOutcome> {
  const { projectId, episodeId } = debate.row
  const startedAt = effects.now()
  const [stored] = await storedEpisodes(effects.db, projectId, [episodeId])
  // Nobody can speak about a text that was erased; what was said stays.
  if (stored === undefined) return 'later'
  const prompt = debatePrompt(debate, seat, stored.episode, effects.randomBytes)
  const claimId = claimIdOf(debate, seat, prompt.sha256)
  const costUsdMax = costMax(judge.definition, prompt)
  const claim = { projectId, id: claimId, costUsdMax, holdMs: askMsMax(judge.definition) }
  const claimed = await claimQuestion(effects, claim, async (tx) => {
    const now = await findDebate(tx, projectId, debate.row.id)
    return now === undefined || now.next.kind === 'over' || !sameStep(now, debate, seat)
  })
  if (claimed !== 'claimed') return claimed === 'settled' ? 'recorded' : 'later'

  const startMs = performance.now()
  const reply = await askModel(judge.definition, prompt, environment)
  const durationMs = performance.now() - startMs
  const said = reply.kind === 'reply' ? read(reply, seat, debate.row.words) : { silent: reply.why }
  const spent = {
    inputTokens: reply.kind === 'reply' ? reply.inputTokens : null,
    outputTokens: reply.kind === 'reply' ? reply.outputTokens : null,
    charged: reply.kind === 'reply' || reply.charged,
  }
  const unavailable = reply.kind === 'unavailable'
  await effects.db.transaction(async (tx) => {
    const costUsd = await recordCall(tx, effects, judge, {
      // A call that brought nothing is made again, so it must not stand in the way of the next one.
      requestSha256: unavailable ? hash('sha256', `${prompt.sha256}:${effects.newId()}`) : prompt.sha256,
      promptVersion: DEBATE_PROMPT,
      status: reply.kind === 'reply' ? (said.silent === null ? 'answered' : statusOf(reply)) : reply.kind,
      response: {
        reason: said.silent ?? '',
        text: reply.kind === 'reply' ? storableText(reply.text).slice(0, TEXT_MAX) : null,
      },
      spent,
      costUsdMax,
      durationMs,
    })
    if (!unavailable) {
      const recorded = { costUsd, tokens: tokensOf(spent), startedAt, at: effects.now() }
      const round = debate.next.kind === 'over' ? 0 : debate.next.round
      if (seat === 'judge')
        await recordJudgment(tx, debate, round, {
          probabilityA: said.probabilityA ?? null,
          stop: said.stop ?? false,
          comment: said.text ?? said.silent ?? '',
          ...recorded,
        })
      else
        await recordSpeech(
          tx,
          debate,
          { round, side: seat },
          { text: said.text ?? '', silent: said.silent, ...recorded },
        )
    }
    await giveBackClaim(tx, projectId, claimId)
  })
  return unavailable ? 'later' : 'recorded'
}

function tokensOf(spent: {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}): number | null {
  const { inputTokens, outputTokens } = spent
  return inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens
}

function sameStep(now: StoredDebate, before: StoredDebate, seat: Seat): boolean {
  return (
    now.next.kind !== 'over' &&
    before.next.kind !== 'over' &&
    now.next.round === before.next.round &&
    seatsAwaited(now).includes(seat)
  )
}

/** `silent`: why nothing was said; null when something was. */
type Said = {
  readonly silent: string | null
  readonly text?: string
  readonly probabilityA?: number
  readonly stop?: boolean
}

function read(reply: Reply, seat: Seat, wordsMax: number): Said {
  if (reply.refused) return { silent: 'The model refused to answer.' }
  const { value } = reply
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed(reply)
  const said = value as { readonly [key: string]: Json }
  if (seat === 'judge') {
    const { probability, stop, reason } = said
    if (typeof probability !== 'number' || !(probability >= 0 && probability <= 100)) return malformed(reply)
    return {
      silent: null,
      text: typeof reason === 'string' ? storableText(reason).slice(0, 4_000) : '',
      probabilityA: Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, probability / 100)),
      stop: stop === true,
    }
  }
  const text = typeof said.speech === 'string' ? cutSpeech(storableText(said.speech).trim(), wordsMax) : ''
  return text === '' ? malformed(reply) : { silent: null, text: text.slice(0, 20_000) }
}

function malformed({ cut }: Reply): Said {
  return {
    silent: cut
      ? 'The answer was cut off at its longest.'
      : 'The model did not answer in the form asked for.',
  }
}

const statusOf = ({ refused }: Reply) => (refused ? 'refused' : 'malformed')

/** By place and not by what is asked: of one step there is one claim. */
function claimIdOf({ row, next }: StoredDebate, seat: Seat, fallback: string): string {
  const place = next.kind === 'over' ? fallback : `${row.id}:${seat}:${next.round}`
  return hash('sha256', `debate:${place}`)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
