import type { CommitAnswer, ReviewQuestion } from '@leeway/contract/review'
import type { UseMutationResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { useMe } from '../accounts/queries.ts'
import { newCommitKey } from './commit-key.ts'
import type { Draft } from './draft.ts'
import { dropKept, EMPTY_ANSWER, keep, placeOf, readKept, type WrittenAnswer } from './kept-answer.ts'

/** How an answer is sent: as work, or in a qualification round. */
export type Commit<Result> = UseMutationResult<
  Result,
  Error,
  z.input<typeof CommitAnswer> & { readonly assignment: string }
>
/** An own answer as it was stored. */
export type OwnAnswer = NonNullable<ReviewQuestion['mine']>

type SkipReason = 'unclear-question' | 'missing-information' | 'too-hard' | 'conflict-of-interest'

/** One question being answered: what is chosen so far, and committing it. A commit that failed is sent again as the same one. */
export function useAnswering<Result>(
  commit: Commit<Result>,
  question: ReviewQuestion,
  onCommitted: (result: Result) => void,
  options: { readonly showsCritique?: boolean; readonly showsParts?: boolean } = {},
  /** Keep what is half-written in this browser. */
  isKept = false,
) {
  const person = useMe().data?.email ?? null
  const [written, setShown] = useState<WrittenAnswer>(EMPTY_ANSWER)
  // Two keys may follow each other faster than the page is drawn: the second one commits what the first one chose.
  const newest = useRef<WrittenAnswer>(EMPTY_ANSWER)
  const show = (next: WrittenAnswer) => {
    newest.current = next
    setShown(next)
  }
  /** Counts questions, so that a field of the last one is not taken for one of this. */
  const [start, setStart] = useState(0)
  const [isRestored, setRestored] = useState(false)
  const startedAt = useRef(new Date())
  const commitKey = useRef(newCommitKey())
  const { mine } = question
  const place = isKept && person !== null ? placeOf(person, question.assignmentId) : null
  const corrects = mine?.ratingId ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is known by its id; its own answer starts the draft
  useEffect(() => {
    const kept = place === null ? null : readKept(place, corrects)
    show(kept ?? (mine === null ? EMPTY_ANSWER : writtenOf(mine)))
    setRestored(kept !== null)
    setStart((count) => count + 1)
    startedAt.current = kept === null ? new Date() : new Date(kept.startedAt)
    commitKey.current = newCommitKey()
    commit.reset()
  }, [question.assignmentId, corrects, place])

  const change = (more: Partial<WrittenAnswer>) => {
    // Another answer is another commit: only the same one may be sent twice.
    if (commit.isError) commitKey.current = newCommitKey()
    show({ ...newest.current, ...more })
    if (place !== null)
      keep(place, { ...newest.current, corrects, startedAt: startedAt.current.toISOString() })
  }

  const send = (answer: NonNullable<Draft> | { readonly kind: 'abstained'; readonly reason: SkipReason }) => {
    if (commit.isPending) return
    const { comment, flagged, evidence, probability } = newest.current
    commit.mutate(
      {
        assignment: question.assignmentId,
        commitKey: commitKey.current,
        answer,
        comment,
        flagged,
        evidence: [...evidence],
        startedAt: startedAt.current.toISOString(),
        ...options,
        ...(probability === null ? {} : { probability }),
        ...(mine === null ? {} : { supersedes: mine.ratingId }),
      },
      {
        onSuccess: (result) => {
          if (place !== null) dropKept(place)
          onCommitted(result)
        },
      },
    )
  }
  return {
    ...written,
    choose: (draft: Draft) => change({ draft }),
    setComment: (comment: string) => change({ comment }),
    toggleFlag: () => change({ flagged: !newest.current.flagged }),
    /** `null`: the rater says nothing of it. */
    setProbability: (probability: number | null) => change({ probability }),
    toggleEvidence: (step: number) => {
      const { evidence } = newest.current
      change({
        evidence: evidence.includes(step)
          ? evidence.filter((one) => one !== step)
          : [...evidence, step].sort((a, b) => a - b),
      })
    },
    start,
    /** What was begun before is here again. */
    isRestored,
    commitDraft: () => {
      const { draft } = newest.current
      if (draft !== null) send(draft)
    },
    skip: (reason: SkipReason) => send({ kind: 'abstained', reason }),
    isPending: commit.isPending,
    error: commit.error,
  }
}

export type Answering = ReturnType<typeof useAnswering<unknown>>

function writtenOf({ answer, comment, flagged, evidence, probability }: OwnAnswer): WrittenAnswer {
  return { draft: answer.kind === 'abstained' ? null : answer, comment, flagged, evidence, probability }
}

/** What was just stored, to show help beside it; null: it was skipped. */
export function ownAnswer(answering: WrittenAnswer, ratingId: string): OwnAnswer | null {
  const { draft: answer, comment, flagged, evidence, probability } = answering
  return answer === null ? null : { ratingId, answer, comment, flagged, evidence: [...evidence], probability }
}
