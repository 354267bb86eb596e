import type { ComparisonTurn } from '@leeway/contract/comparisons'
import { useEffect, useRef, useState } from 'react'
import { newCommitKey } from '../review/commit-key.ts'
import { type Draft, dropDraft, EMPTY_DRAFT, keepDraft, readDraft } from './draft.ts'
import { useCommitComparison } from './queries.ts'

type Side = 'left' | 'right'
type SkipReason = 'unclear-question' | 'missing-information' | 'too-hard' | 'conflict-of-interest'

/** One pair being answered. A commit that failed is sent again as the same one. */
export function useComparing(project: string, turn: ComparisonTurn, onCommitted: () => void) {
  const { pairId } = turn
  const commit = useCommitComparison(project)
  const [draft, setShown] = useState<Draft>(EMPTY_DRAFT)
  // Two keys may follow each other faster than the page is drawn: the second one commits what the first one chose.
  const newest = useRef<Draft>(EMPTY_DRAFT)
  const startedAt = useRef(new Date())
  const commitKey = useRef(newCommitKey())
  const show = (next: Draft) => {
    newest.current = next
    setShown(next)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a pair is known by its id
  useEffect(() => {
    show(readDraft(pairId))
    startedAt.current = new Date()
    commitKey.current = newCommitKey()
    commit.reset()
  }, [pairId])
  const change = (more: Partial<Draft>) => {
    // Another answer is another commit: only the same one may be sent twice.
    if (commit.isError) commitKey.current = newCommitKey()
    show({ ...newest.current, ...more })
    keepDraft(pairId, newest.current)
  }
  const send = (
    answer:
      | { readonly kind: 'answered'; readonly value: NonNullable<Draft['value']> }
      | { readonly kind: 'abstained'; readonly reason: SkipReason },
  ) => {
    if (commit.isPending) return
    const { comment, flagged, leftEvidence, rightEvidence, probability } = newest.current
    commit.mutate(
      {
        pair: pairId,
        commitKey: commitKey.current,
        answer,
        comment,
        flagged,
        leftEvidence,
        rightEvidence,
        ...(probability === null || answer.kind === 'abstained' ? {} : { probability }),
        startedAt: startedAt.current.toISOString(),
      },
      {
        onSuccess: () => {
          dropDraft(pairId)
          onCommitted()
        },
      },
    )
  }
  return {
    draft,
    choose: (value: NonNullable<Draft['value']>) => change({ value }),
    setComment: (comment: string) => change({ comment }),
    toggleFlag: () => change({ flagged: !newest.current.flagged }),
    probability: draft.probability,
    setProbability: (probability: number | null) => change({ probability }),
    toggleEvidence: (side: Side, ordinal: number) => {
      const field = side === 'left' ? 'leftEvidence' : 'rightEvidence'
      const before = newest.current[field]
      change({
        [field]: before.includes(ordinal) ? before.filter((one) => one !== ordinal) : [...before, ordinal],
      })
    },
    commitDraft: () => {
      const { value } = newest.current
      if (value !== null) send({ kind: 'answered', value })
    },
    skip: (reason: SkipReason) => send({ kind: 'abstained', reason }),
    isPending: commit.isPending,
    error: commit.error,
  }
}

export type Comparing = ReturnType<typeof useComparing>
