/**
 * Has models draft the rubrics that were ordered, in the background. Driven by the tables alone: any number of processes
 * may do it at once, and any may be killed.
 *
 * One draft: claim it (and its cost) → ask the model → record call and answer and the end of the claim in one
 * transaction. An order is answered once: what came of it stands, also a failure, and whoever wants another orders another.
 */
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import { type AskEnvironment, askModel, askMsMax, type Failure, type Reply } from '../models/ask-model.ts'
import { type Judge, requireJudge } from '../models/judge.ts'
import { storableText } from '../models/read-judgement.ts'
import { recordCall } from '../models/record-call.ts'
import { providerKeyOf, whySilent } from '../models/resting.ts'
import { claimQuestion, giveBackClaim } from '../models/spend.ts'
import { DRAFT_PROMPT, draftPrompt } from './draft-prompt.ts'
import { type ReadDraft, readDraft } from './read-draft.ts'
import { findDraft, insertAnswer, type RubricDraftRow, unansweredDrafts } from './stored-drafts.ts'

/** An order that nobody could carry out is not sprung on anybody later, when there is money again. */
export const DRAFT_WAIT_MS = 86_400_000
const AT_ONCE = 8
const TEXT_MAX = 60_000

/** Asks for each draft that waits and can be asked for now. */
export async function askForDrafts(
  effects: Effects,
  sealingKey: Uint8Array,
  environment: Omit<AskEnvironment, 'key'>,
): Promise<void> {
  const waiting = await unansweredDrafts(effects.db, new Date(effects.now().getTime() - DRAFT_WAIT_MS))
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    environment.stop.throwIfAborted()
    const ended = await Promise.allSettled(
      waiting.slice(at, at + AT_ONCE).map(async (draft) => {
        const judge = await requireJudge(effects.db, draft.projectId, draft.raterId)
        if ((await whySilent(effects, judge)) !== null) return
        const key = await providerKeyOf(effects, sealingKey, judge)
        await askForDraft(effects, draft, judge, { ...environment, key })
      }),
    )
    const failed = ended.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }
}

/** Throws what the database throws, and when stopped; then nothing is recorded. */
async function askForDraft(
  effects: Effects,
  draft: RubricDraftRow,
  judge: Judge,
  environment: AskEnvironment,
): Promise<void> {
  const { projectId, id } = draft
  const prompt = draftPrompt(draft, effects.randomBytes)
  const costUsdMax = costMax(judge.definition, prompt)
  const claimed = await claimQuestion(
    effects,
    { projectId, id, costUsdMax, holdMs: askMsMax(judge.definition) },
    async (tx) => (await findDraft(tx, projectId, id))?.answer !== null,
  )
  if (claimed !== 'claimed') return

  const startMs = performance.now()
  const reply = await askModel(judge.definition, prompt, environment)
  const durationMs = performance.now() - startMs
  const said = outcomeOf(reply, draft.instruction)
  const replied = reply.kind === 'reply' ? reply : null
  const tokens = {
    inputTokens: replied?.inputTokens ?? null,
    outputTokens: replied?.outputTokens ?? null,
  }
  await effects.db.transaction(async (tx) => {
    const costUsd = await recordCall(tx, effects, judge, {
      requestSha256: prompt.sha256,
      promptVersion: DRAFT_PROMPT,
      status: said.status,
      response: {
        reason: said.reason,
        text: replied === null ? null : storableText(replied.text).slice(0, TEXT_MAX),
      },
      spent: { ...tokens, charged: reply.kind === 'reply' || reply.charged },
      costUsdMax,
      durationMs,
    })
    await insertAnswer(tx, {
      projectId,
      draftId: id,
      status: said.status,
      reason: said.reason,
      promptVersion: DRAFT_PROMPT,
      failures: said.read.failures,
      questions: said.read.questions,
      dropped: said.read.dropped,
      ...tokens,
      costUsd,
      at: effects.now(),
    })
    await giveBackClaim(tx, projectId, id)
  })
}

type Outcome = {
  readonly status: 'answered' | 'refused' | Failure['kind']
  readonly reason: string
  readonly read: ReadDraft
}

const NOTHING: ReadDraft = { failures: [], questions: [], dropped: 0 }

function outcomeOf(reply: Reply | Failure, instruction: string): Outcome {
  if (reply.kind !== 'reply') return { status: reply.kind, reason: reply.why, read: NOTHING }
  if (reply.refused) return { status: 'refused', reason: 'The model refused to answer.', read: NOTHING }
  const read = readDraft(reply.value, instruction)
  if (read !== null) return { status: 'answered', reason: '', read }
  const reason = reply.cut
    ? 'The answer was cut off at its longest.'
    : 'The model did not answer in the form asked for.'
  return { status: 'malformed', reason, read: NOTHING }
}
