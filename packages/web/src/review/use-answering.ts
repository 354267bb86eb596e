import type { CommitAnswer, ReviewQuestion } from '@leeway/contract/review'
import type { UseMutationResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { useMe } from '../accounts/queries.ts'
import { newCommitKey } from './commit-key.ts'
import type { Draft } from './draft.ts'
import { dropKept, type KeptAnswer, keep, placeOf, readKept } from './kept-answer.ts'

/** How an answer is sent: as work, or in a qualification round. */
export type Commit<Result> = UseMutationResult<
  Result,
  Error,
  z.input<typeof CommitAnswer> & { readonly assignment: string }
>

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
  const [draft, setShownDraft] = useState<Draft>(null)
  // Two keys may follow each other faster than the page is drawn: the second one commits what the first one chose.
  const chosen = useRef<Draft>(null)
  const setDraft = (next: Draft) => {
    chosen.current = next
    setShownDraft(next)
  }
  const [comment, setComment] = useState('')
  const [flagged, setFlagged] = useState(false)
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
    const standing = mine === null || mine.answer.kind === 'abstained' ? null : mine.answer
    setDraft(kept === null ? standing : kept.draft)
    setComment(kept?.comment ?? mine?.comment ?? '')
    setFlagged(kept?.flagged ?? mine?.flagged ?? false)
    setRestored(kept !== null)
    setStart((count) => count + 1)
    startedAt.current = kept === null ? new Date() : new Date(kept.startedAt)
    commitKey.current = newCommitKey()
    commit.reset()
  }, [question.assignmentId, corrects, place])

  const keepNow = (change: Partial<KeptAnswer>) => {
    if (place === null) return
    const now = { draft: chosen.current, comment, flagged, corrects }
    keep(place, { ...now, startedAt: startedAt.current.toISOString(), ...change })
  }

  const send = (answer: NonNullable<Draft> | { readonly kind: 'abstained'; readonly reason: SkipReason }) => {
    if (commit.isPending) return
    commit.mutate(
      {
        assignment: question.assignmentId,
        commitKey: commitKey.current,
        answer,
        comment,
        flagged,
        startedAt: startedAt.current.toISOString(),
        ...options,
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
    draft,
    choose: (next: Draft) => {
      // Another answer is another commit: only the same one may be sent twice.
      if (commit.isError) commitKey.current = newCommitKey()
      setDraft(next)
      keepNow({ draft: next })
    },
    comment,
    setComment: (next: string) => {
      setComment(next)
      keepNow({ comment: next })
    },
    flagged,
    toggleFlag: () => {
      setFlagged(!flagged)
      keepNow({ flagged: !flagged })
    },
    start,
    /** What was begun before is here again. */
    isRestored,
    commitDraft: () => {
      if (chosen.current !== null) send(chosen.current)
    },
    skip: (reason: SkipReason) => send({ kind: 'abstained', reason }),
    isPending: commit.isPending,
    error: commit.error,
  }
}

export type Answering = ReturnType<typeof useAnswering<unknown>>
