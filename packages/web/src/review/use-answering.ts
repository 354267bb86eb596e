import type { CommitAnswer, ReviewQuestion } from '@leeway/contract/review'
import type { UseMutationResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { newCommitKey } from './commit-key.ts'

export type Draft =
  | { readonly kind: 'answered'; readonly value: string | number }
  | { readonly kind: 'not-applicable' }
  | null

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
) {
  const [draft, setShownDraft] = useState<Draft>(null)
  // Two keys may follow each other faster than the page is drawn: the second one commits what the first one chose.
  const chosen = useRef<Draft>(null)
  const setDraft = (next: Draft) => {
    chosen.current = next
    setShownDraft(next)
  }
  const [comment, setComment] = useState('')
  const [flagged, setFlagged] = useState(false)
  const startedAt = useRef(new Date())
  const commitKey = useRef(newCommitKey())
  const { mine } = question
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is known by its id; its own answer starts the draft
  useEffect(() => {
    setDraft(mine === null || mine.answer.kind === 'abstained' ? null : mine.answer)
    setComment(mine?.comment ?? '')
    setFlagged(mine?.flagged ?? false)
    startedAt.current = new Date()
    commitKey.current = newCommitKey()
    commit.reset()
  }, [question.assignmentId, mine?.ratingId])

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
      { onSuccess: onCommitted },
    )
  }
  return {
    draft,
    choose: (next: Draft) => {
      // Another answer is another commit: only the same one may be sent twice.
      if (commit.isError) commitKey.current = newCommitKey()
      setDraft(next)
    },
    comment,
    setComment,
    flagged,
    toggleFlag: () => setFlagged(!flagged),
    commitDraft: () => {
      if (chosen.current !== null) send(chosen.current)
    },
    skip: (reason: SkipReason) => send({ kind: 'abstained', reason }),
    isPending: commit.isPending,
    error: commit.error,
  }
}

export type Answering = ReturnType<typeof useAnswering<unknown>>
