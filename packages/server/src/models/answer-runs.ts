/**
 * Has model raters answer the questions of every open run, in the background.
 *
 * Driven by the tables alone: any number of processes may do it at once, and any may be killed.
 */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import type { Effects } from '../http/environment.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { answerQuestion, type QuestionOutcome } from './answer-question.ts'
import type { AskEnvironment } from './ask-model.ts'
import { requireJudge } from './judge.ts'
import {
  allRunIds,
  findRun,
  openQuestions,
  type Question,
  type RunScope,
  wantsVoices,
} from './judge-store.ts'
import { providerKeyOf, UNAVAILABLE_MAX, whyResting } from './resting.ts'

/** Questions of one run under way at once in this process. */
const QUESTIONS_AT_ONCE = 4
/** Looked up at once. */
const BATCH = 40
/** A voice that was heard may be heard no more: then another is wanted, where a run had nothing left to ask. */
const VOICES_AGAIN_MS = 60_000

/** Runs until `stop`, which breaks off what is under way: it is asked again when its claim has run out. */
export function startJudging(
  effects: Effects,
  sealingKey: Uint8Array,
  everyMs: number,
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  const active = new Map<string, Promise<void>>()
  /** When a run that is done is looked at again: never, but where voices are wanted. What else it asks was settled when it started. */
  const done = new Map<string, number>()
  const begin = (projectId: string, id: string) => {
    const work = answerRun(effects, sealingKey, { projectId, id }, { stop: stopping.signal })
      .then(async (outcome) => {
        if (outcome !== 'done') return
        const again = await wantsVoices(effects.db, projectId, id)
        done.set(id, again ? effects.now().getTime() + VOICES_AGAIN_MS : Number.POSITIVE_INFINITY)
      })
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) effects.log.error({ err: error, run: id }, 'a judge run failed')
      })
      .finally(() => active.delete(id))
    active.set(id, work)
  }
  const look = async () => {
    for (const { projectId, id } of await allRunIds(effects.db))
      if (effects.now().getTime() >= (done.get(id) ?? 0) && !active.has(id) && !stopping.signal.aborted)
        begin(projectId, id)
  }
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()
  const next = () => {
    looking = look()
      .catch((error: unknown) => effects.log.error({ err: error }, 'judge runs could not be listed'))
      .then(() => {
        if (!stopping.signal.aborted) timer = setTimeout(next, everyMs)
      })
  }
  timer = setTimeout(next, everyMs)
  return {
    stop: async () => {
      stopping.abort(new Error('the server stops'))
      clearTimeout(timer)
      await looking
      await Promise.all(active.values())
    },
  }
}

/**
 * Asks what is open, until nothing is ('done') or nothing can be for now ('resting': others are at it, the spend limit,
 * an endpoint that does not answer).
 */
export async function answerRun(
  effects: Effects,
  sealingKey: Uint8Array,
  place: { readonly projectId: string; readonly id: string },
  environment: Omit<AskEnvironment, 'key'>,
): Promise<'done' | 'resting'> {
  const run = await findRun(effects.db, place.projectId, place.id)
  if (run === undefined) return 'done'
  const judge = await requireJudge(effects.db, run.projectId, run.raterId)
  const { criteria: asked, voicesWanted = null } = run.scope as RunScope
  const criteria = await criteriaByHash(effects.db, run.projectId, asked)
  for (;;) {
    environment.stop.throwIfAborted()
    const open = (await openQuestions(effects.db, run, BATCH)).filter(({ criterionSha256 }) =>
      criteria.has(criterionSha256),
    )
    if (open.length === 0) return 'done'
    if ((await whyResting(effects, judge, run)) !== null) return 'resting'
    const key = await providerKeyOf(effects, sealingKey, judge)
    const outcomes = await eachOf(open, async (question) => {
      const criterion = criteria.get(question.criterionSha256) as Criterion
      const asking = { judge, criterion, question, verifyShare: run.verifyShare, voicesWanted }
      return answerQuestion(effects, asking, { ...environment, key })
    })
    if (!outcomes.some((one) => one === 'recorded' || one === 'unavailable')) return 'resting'
  }
}

/** A few at once. Ends early when the limit is reached or the endpoint may be down: `whyResting` then decides. */
async function eachOf(
  questions: readonly Question[],
  answer: (question: Question) => Promise<QuestionOutcome>,
): Promise<readonly QuestionOutcome[]> {
  const outcomes: QuestionOutcome[] = []
  let next = 0
  let halted = false
  const work = async () => {
    while (!halted) {
      const question = questions[next]
      next += 1
      if (question === undefined) return
      try {
        const outcome = await answer(question)
        outcomes.push(outcome)
        // Else an endpoint that is down would use up every question that waits.
        const down = outcomes.slice(-UNAVAILABLE_MAX).every((one) => one === 'unavailable')
        if (outcome === 'over-limit' || (down && outcomes.length >= UNAVAILABLE_MAX)) halted = true
      } catch (error) {
        halted = true
        throw error
      }
    }
  }
  // All of them end before the failure of one is told: nothing goes on behind the caller's back.
  const ended = await Promise.allSettled(Array.from({ length: QUESTIONS_AT_ONCE }, work))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return outcomes
}
