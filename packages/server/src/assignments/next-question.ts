/** The next question of a rater, reserved; the same one again until it is answered. */
import type { NextQuestion, ReviewSheet } from '@leeway/contract/review'
import type { Database } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { checkBefore } from '../question-forms/draw-check.ts'
import { drawnAbout, type HiddenKnown, hiddenKnown, vettingPlan } from '../vetting/hidden-known.ts'
import { roundOf } from '../vetting/round.ts'
import { type Asked, askedOfEpisode, findAsked } from './find-asked.ts'
import type { DayCount } from './last-day.ts'
import type { OpenQueue } from './open-queue.ts'
import { questionViews } from './question-view.ts'
import type { Reviewer } from './rater-of.ts'
import { dropReservation, RESERVED_MS, reserve, reserveDrawn, reservedNow } from './reserve.ts'
import { reviewProgress } from './review-progress.ts'
import { type WaitingLooks, waitingLooks } from './second-looks.ts'

/** Questions that the queue proposed and the database refused, before we say that there are none. */
const TRIES_MAX = 200

/** `sheet`: with the other open questions about the same episode reserved too. */
export async function nextQuestion(
  effects: Effects,
  { queue, day }: { readonly queue: OpenQueue; readonly day: DayCount },
  reviewer: Reviewer,
  mode: 'focus' | 'sheet',
): Promise<NextQuestion> {
  const { db } = effects
  const plan = await vettingPlan(db, reviewer)
  const round = plan?.hasRound ? await roundOf(db, reviewer) : null
  const hidden = await hiddenKnown(db, reviewer, plan)
  // Before it is known what comes, so that nothing takes longer because it is work.
  const looks = await waitingLooks(db, reviewer, effects.now())
  if (round !== null && !round.done)
    return {
      question: null,
      progress: await progressOf(db, queue, reviewer, { hidden, looks }),
      lastDay: await day.of(reviewer),
      round,
    }
  const held = await reservedNow(db, reviewer, effects.now())
  const asked =
    (held === null ? undefined : await findAsked(effects, reviewer, held)) ??
    (await takeKnown(effects, queue, reviewer, hidden)) ??
    (looks.now === null ? undefined : await takeDrawn(effects, reviewer, looks.now)) ??
    (await takeNext(effects, queue, reviewer))
  if (asked !== undefined && mode === 'sheet') await takeSheet(effects, reviewer, asked)
  const [question] = asked === undefined ? [] : await questionViews(db, reviewer, [asked])
  return {
    question: question ?? null,
    progress: await progressOf(db, queue, reviewer, { hidden, looks }),
    lastDay: await day.of(reviewer),
    round,
  }
}

/** With the questions that will come whose answer is known: nothing in it tells one kind from the other. */
export async function progressOf(
  db: Database,
  queue: OpenQueue,
  reviewer: Reviewer,
  { hidden, looks }: { readonly hidden: HiddenKnown; readonly looks: WaitingLooks },
  options = { fresh: false },
): Promise<NextQuestion['progress']> {
  const open = (await queue.open(reviewer, options)) + looks.waiting
  const counted = open + hidden.ahead(open)
  const { said } = hidden
  const toCome =
    said === null ? counted : queue.steady(`${reviewer.projectId} ${reviewer.raterId}`, { said, counted })
  return reviewProgress(db, reviewer, toCome)
}

/** Questions about the episode that were given to the rater and not taken back since. */
export async function reviewSheet(
  effects: Effects,
  reviewer: Reviewer,
  episodeId: string,
): Promise<ReviewSheet> {
  const asked = await askedOfEpisode(effects, reviewer, episodeId)
  const shown = asked.filter((one) => one.reserved || (one.own !== null && one.own.kind !== 'withdrawn'))
  return { episodeId, questions: [...(await questionViews(effects.db, reviewer, shown))] }
}

/** A known question when its place has come. Among others only: one that comes when nothing is open would stand out. */
async function takeKnown(
  effects: Effects,
  queue: OpenQueue,
  reviewer: Reviewer,
  { now }: HiddenKnown,
): Promise<Asked | undefined> {
  if (now === null || (await queue.open(reviewer)) === 0) return undefined
  return takeDrawn(effects, reviewer, now)
}

/**
 * A check that comes before the question, and the question afterwards; whatever it is for, so that what comes after a check
 * tells nothing. The question is not reserved yet: another window that saw it so would be given it at once.
 */
async function takeCheck(
  effects: Effects,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<Asked | undefined> {
  const check = await checkBefore(effects, reviewer, assignmentId)
  if (check === null || !(await reserveDrawn(effects, reviewer, check))) return undefined
  return findAsked(effects, reviewer, check)
}

async function takeDrawn(effects: Effects, reviewer: Reviewer, id: string): Promise<Asked | undefined> {
  const check = await takeCheck(effects, reviewer, id)
  if (check !== undefined) return check
  return (await reserveDrawn(effects, reviewer, id)) ? findAsked(effects, reviewer, id) : undefined
}

/** The other questions about the episode, each once: as work where it is open as that, else what was drawn to stand there. */
async function takeSheet(effects: Effects, reviewer: Reviewer, first: Asked): Promise<void> {
  const drawnIds = await drawnAbout(effects.db, reviewer, first.episodeId)
  const asked = await askedOfEpisode(effects, reviewer, first.episodeId)
  const drawn = asked.filter(
    (one) => drawnIds.has(one.assignmentId) && (one.own?.kind ?? 'withdrawn') === 'withdrawn',
  )
  const taken = new Set([first.criterionSha256])
  for (const { assignmentId, criterionSha256, open } of [...asked.filter((one) => one.open), ...drawn]) {
    if (taken.has(criterionSha256)) continue
    taken.add(criterionSha256)
    if (open) await take(effects, reviewer, assignmentId)
    else if (await reserveDrawn(effects, reviewer, assignmentId))
      await findAsked(effects, reviewer, assignmentId)
  }
}

async function takeNext(effects: Effects, queue: OpenQueue, reviewer: Reviewer): Promise<Asked | undefined> {
  const passed = new Set<string>()
  while (passed.size < TRIES_MAX) {
    const until = effects.now().getTime() + RESERVED_MS
    const id = await queue.propose(reviewer, passed, until)
    if (id === null) return undefined
    const asked = (await takeCheck(effects, reviewer, id)) ?? (await take(effects, reviewer, id))
    if (asked !== undefined) return asked
    passed.add(id)
  }
  return undefined
}

/** Two who reserved at the same instant both see it here, and both give it back: one too few is mended by asking again. */
async function take(effects: Effects, reviewer: Reviewer, assignmentId: string): Promise<Asked | undefined> {
  if (!(await reserve(effects, reviewer, assignmentId))) return undefined
  const asked = await findAsked(effects, reviewer, assignmentId)
  if (asked?.open) return asked
  await dropReservation(effects.db, reviewer, assignmentId)
  return undefined
}
