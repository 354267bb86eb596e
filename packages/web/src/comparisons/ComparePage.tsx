import type { ComparisonTurn, NextComparison } from '@leeway/contract/comparisons'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useId, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { newCommitKey } from '../review/commit-key.ts'
import { GuidelinesPanel } from '../review/GuidelinesPanel.tsx'
import { ReviewProgressLine } from '../review/ReviewProgressLine.tsx'
import { RoundFirst } from '../review/RoundFirst.tsx'
import { SkipDialog } from '../review/SkipDialog.tsx'
import { surenessActions } from '../review/sureness-actions.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AnswerBar } from './AnswerBar.tsx'
import { BothRuns } from './BothRuns.tsx'
import { useNextComparison, useUndoComparison } from './queries.ts'
import { useComparing } from './use-comparing.ts'

const PAIRWISE = { kind: 'pairwise' } as const

/** Where people say which of two runs is better. Nothing here tells whose they are, or what others said. */
export function ComparePage() {
  const { project } = useParams({ from: '/p/$project/compare' })
  const queries = useQueryClient()
  const next = useNextComparison(project)
  const undo = useUndoComparison(project)
  usePageTitle('Compare')
  const takeBack = () =>
    undo.mutate(newCommitKey(), {
      onSuccess: (undone) =>
        queries.setQueryData<NextComparison>([project, 'compare', 'next'], (before) => ({
          ...undone,
          round: before?.round ?? null,
        })),
    })
  if (next.isPending) return <Loading what="the next pair" rows={10} />
  if (next.isError) return <Failure error={next.error} onRetry={() => next.refetch()} />
  const { comparison, progress, round } = next.data
  if (round !== null && !round.done) return <RoundFirst project={project} round={round} />
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-20">Compare</h1>
        <ReviewProgressLine progress={progress} />
        <Link to="/p/$project/inbox" params={{ project }} className="link text-14">
          Inbox
        </Link>
      </div>
      {undo.isError ? <Failure error={undo.error} /> : null}
      {comparison === null ? (
        <Empty title="No pair waits for you">
          <p>You have compared every pair that is open to you. New ones appear here by themselves.</p>
          <p className="mt-3 flex gap-2">
            <Button onClick={() => next.refetch()}>Look again</Button>
            {progress.answered === 0 ? null : (
              <Button kind="quiet" onClick={takeBack}>
                Undo the last answer
              </Button>
            )}
          </p>
        </Empty>
      ) : (
        <OnePair project={project} turn={comparison} onUndo={takeBack} />
      )}
    </>
  )
}

function OnePair({
  project,
  turn,
  onUndo,
}: {
  readonly project: string
  readonly turn: ComparisonTurn
  readonly onUndo: () => void
}) {
  const queries = useQueryClient()
  const id = useId()
  const [isSkipping, setSkipping] = useState(false)
  const comparing = useComparing(project, turn, () => {
    setSkipping(false)
    queries.invalidateQueries({ queryKey: [project, 'compare', 'next'] })
    window.scrollTo({ top: 0 })
  })
  const { choose, draft } = comparing
  const action = (id: string, title: string, key: string, perform: () => void): Action => ({
    id,
    title,
    group: 'This page',
    keys: [key],
    perform,
  })
  useLiveActions('compare', [
    action('left', 'Answer that the left one is better', '1', () => choose('left')),
    action('right', 'Answer that the right one is better', '2', () => choose('right')),
    action('equal', 'Answer that they are equal', '3', () => choose('equal')),
    ...surenessActions(PAIRWISE, comparing),
    action('commit', 'Save the answer and go on', 'Enter', comparing.commitDraft),
    action('skip', 'Skip with a reason', 's', () => setSkipping(true)),
    action(
      'flag',
      draft.flagged ? 'Take the flag away' : 'Flag for a second look',
      'f',
      comparing.toggleFlag,
    ),
    action('undo', 'Undo the last answer', 'u', onUndo),
  ])
  return (
    <div className="flex flex-col">
      <section aria-labelledby={id} className="mb-3">
        <h2 id={id} className="max-w-[60ch] text-20 leading-snug" dir="auto">
          {turn.question}
        </h2>
        <GuidelinesPanel
          key={turn.pairId}
          words={{ ...turn, scale: PAIRWISE }}
          guidelines={turn.guidelines}
        />
      </section>
      {/* On a phone the answers stay at the thumb; on a wide screen above what is compared. */}
      <div className="sticky bottom-0 z-10 order-last -mx-4 border-t border-line bg-page px-4 py-3 sm:mx-0 sm:px-0 lg:top-0 lg:bottom-auto lg:order-none lg:mb-4 lg:border-t-0 lg:border-b">
        <AnswerBar comparing={comparing} onSkip={() => setSkipping(true)} onUndo={onUndo} />
      </div>
      <BothRuns
        key={turn.pairId}
        project={project}
        left={turn.left.episodeId}
        right={turn.right.episodeId}
        evidence={{
          left: draft.leftEvidence,
          right: draft.rightEvidence,
          toggle: comparing.toggleEvidence,
        }}
      />
      <SkipDialog open={isSkipping} onOpenChange={setSkipping} onSkip={comparing.skip} />
    </div>
  )
}
