import type { DraftedQuestion, RubricDraftView } from '@leeway/contract/rubric-drafts'
import { writeRubricDraft } from '@leeway/contract/write-rubric-draft'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import { requireJudge } from '../models/judge.ts'
import { whySilent, whyTooDear } from '../models/resting.ts'
import { DRAFT_WAIT_MS } from './ask-for-drafts.ts'
import { draftPrompt } from './draft-prompt.ts'
import { findDraft, type RubricDraftRow } from './stored-drafts.ts'

type Reading = Pick<Effects, 'db' | 'now'>

/** Throws AppError not_found. */
export async function draftView(
  effects: Reading,
  projectId: string,
  draftId: string,
): Promise<RubricDraftView> {
  const found = await findDraft(effects.db, projectId, draftId)
  if (found === undefined)
    throw new AppError(
      'not_found',
      'There is no such draft in this project.',
      'Order one from an instruction.',
    )
  const { draft, answer } = found
  const judge = await requireJudge(effects.db, projectId, draft.raterId)
  const questions = (answer?.questions ?? []) as DraftedQuestion[]
  const drafted = answer?.status === 'answered'
  const { state, why } =
    answer === null
      ? await waiting(effects, draft)
      : { state: drafted ? ('drafted' as const) : ('failed' as const), why: answer.reason || null }
  return {
    id: draft.id,
    judgeId: draft.raterId,
    judgeName: judge.rater.name,
    instruction: draft.instruction,
    state,
    why,
    failures: (answer?.failures ?? []) as string[],
    questions,
    dropped: answer?.dropped ?? 0,
    source: drafted
      ? writeRubricDraft({ name: draft.name, instruction: draft.instruction, questions })
      : null,
    inputTokens: answer?.inputTokens ?? null,
    outputTokens: answer?.outputTokens ?? null,
    costUsd: answer?.costUsd ?? null,
    startedAt: draft.startedAt.toISOString(),
  }
}

async function waiting(
  effects: Reading,
  draft: RubricDraftRow,
): Promise<{ readonly state: 'waiting' | 'failed'; readonly why: string | null }> {
  if (draft.startedAt.getTime() + DRAFT_WAIT_MS <= effects.now().getTime())
    return {
      state: 'failed',
      why: 'The model could not be asked within a day, and is not asked any more. Order the draft again.',
    }
  const judge = await requireJudge(effects.db, draft.projectId, draft.raterId)
  const prompt = draftPrompt(draft, (length) => new Uint8Array(length))
  const why =
    (await whySilent(effects, judge)) ??
    (await whyTooDear(effects, draft.projectId, costMax(judge.definition, prompt)))
  return { state: 'waiting', why }
}
