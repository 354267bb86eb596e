/** The next question of a rater, reserved; the same one again until it is answered. */
import type { NextQuestion, ReviewSheet } from '@leeway/contract/review'
import type { Effects } from '../http/environment.ts'
import { askedOfEpisode, findAsked } from './find-asked.ts'
import type { OpenQueue } from './open-queue.ts'
import { questionViews } from './question-view.ts'
import type { Reviewer } from './rater-of.ts'
import { RESERVED_MS, reserve, reservedNow, stillWanted } from './reserve.ts'
import { reviewProgress } from './review-progress.ts'

/** Questions that the queue proposed and the database refused, before we say that there are none. */
const TRIES_MAX = 200

/** `sheet`: with the other open questions about the same episode reserved too. */
export async function nextQuestion(
  effects: Effects,
  queue: OpenQueue,
  reviewer: Reviewer,
  mode: 'focus' | 'sheet',
): Promise<NextQuestion> {
  const { db } = effects
  const id = (await reservedNow(db, reviewer, effects.now())) ?? (await takeNext(effects, queue, reviewer))
  const asked = id === null ? undefined : await findAsked(db, reviewer, id)
  if (asked !== undefined && mode === 'sheet')
    for (const other of await askedOfEpisode(db, reviewer, asked.episodeId))
      if (other.own === null || other.own.kind === 'withdrawn')
        await reserve(effects, reviewer, other.assignmentId)
  const [question] = asked === undefined ? [] : await questionViews(db, reviewer.projectId, [asked])
  const progress = await reviewProgress(db, reviewer, await queue.open(reviewer))
  return { question: question ?? null, progress }
}

/** Questions about the episode that the rater answered, is at, or may answer. */
export async function reviewSheet(
  effects: Effects,
  reviewer: Reviewer,
  episodeId: string,
): Promise<ReviewSheet> {
  const asked = await askedOfEpisode(effects.db, reviewer, episodeId)
  const open = await Promise.all(
    asked.map(
      async ({ own, reserved, assignmentId }) =>
        reserved ||
        (own !== null && own.kind !== 'withdrawn') ||
        (await stillWanted(effects, reviewer, assignmentId)),
    ),
  )
  const shown = asked.filter((_, at) => open[at])
  return { episodeId, questions: [...(await questionViews(effects.db, reviewer.projectId, shown))] }
}

async function takeNext(effects: Effects, queue: OpenQueue, reviewer: Reviewer): Promise<string | null> {
  const passed = new Set<string>()
  while (passed.size < TRIES_MAX) {
    const until = effects.now().getTime() + RESERVED_MS
    const id = await queue.propose(reviewer, passed, until)
    if (id === null) return null
    if (await reserve(effects, reviewer, id)) return id
    passed.add(id)
  }
  return null
}
