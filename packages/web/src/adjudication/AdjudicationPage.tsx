import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { OneDisagreement } from './OneDisagreement.tsx'
import { type Item, useDisagreement, useDisagreements, useTakeBack } from './queries.ts'

const isSame = (a: Item, b: Item) => a.episodeId === b.episodeId && a.criterionSha256 === b.criterionSha256

/** Where trusted people disagree: one item after the other, decided by keys alone. */
export function AdjudicationPage() {
  const { project } = useParams({ from: '/p/$project/adjudication' })
  const list = useDisagreements(project)
  const [chosen, setChosen] = useState<Item | null>(null)
  const [last, setLast] = useState<{ readonly item: Item; readonly decision: string } | null>(null)
  const undo = useTakeBack(project)
  usePageTitle('Disagreements')
  const items = list.data?.items ?? []
  const at = Math.max(
    0,
    items.findIndex((item) => chosen !== null && isSame(item, chosen)),
  )
  const current = items[at]
  const go = (to: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))]
    if (item !== undefined) setChosen(item)
  }
  const takeBack = () => {
    if (last === null || undo.isPending) return
    undo.mutate(last, {
      onSuccess: () => {
        setChosen(last.item)
        setLast(null)
      },
    })
  }
  const group = 'This page' as const
  const next: Action = {
    id: 'next-item',
    title: 'Next question',
    group,
    keys: ['j'],
    unavailable: at >= items.length - 1 ? 'This is the last one' : undefined,
    perform: () => go(at + 1),
  }
  const previous: Action = {
    id: 'previous-item',
    title: 'Question before',
    group,
    keys: ['k'],
    unavailable: at === 0 ? 'This is the first one' : undefined,
    perform: () => go(at - 1),
  }
  useLiveActions('adjudication', [
    next,
    previous,
    {
      id: 'undo',
      title: 'Take back your last decision',
      group,
      keys: ['u'],
      unavailable: last === null ? 'You have decided nothing here yet' : undefined,
      perform: takeBack,
    },
  ])
  if (list.isPending) return <Loading what="the disagreements" rows={10} />
  if (list.isError) return <Failure error={list.error} onRetry={() => list.refetch()} />
  const { waiting, yours } = list.data
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-20">Disagreements</h1>
        <p className="figures text-14 text-ink-2" aria-live="polite">
          {waiting === 0
            ? 'None waits for a decision.'
            : `${formatCountOf(waiting, 'question')} ${waiting === 1 ? 'waits' : 'wait'} for a decision.`}
          {yours === 0
            ? ''
            : ` ${formatCountOf(yours, 'other')} not for you: answered by you, or of an agent you may not judge.`}
        </p>
        {current === undefined ? null : (
          <span className="figures flex items-center gap-2 text-14">
            <ActionButton size="small" action={previous} />
            {at + 1} of {items.length}
            {current.decided ? ', decided' : ''}
            <ActionButton size="small" action={next} />
          </span>
        )}
      </div>
      {undo.isError ? <Failure error={undo.error} /> : null}
      {current === undefined ? (
        <Empty title="Trusted people agree">
          Questions appear here when vetted people or experts answer the same one differently, or one of them
          flags it.
        </Empty>
      ) : (
        <Current
          key={`${current.episodeId} ${current.criterionSha256}`}
          project={project}
          item={current}
          onDecided={(decision) => {
            setLast({ item: current, decision })
            const waits = (item: (typeof items)[number]) => !item.decided && !isSame(item, current)
            const after = items.slice(at + 1).find(waits) ?? items.find(waits)
            setChosen(after ?? current)
            window.scrollTo({ top: 0 })
          }}
          onTakeBack={last === null ? null : takeBack}
        />
      )}
    </>
  )
}

function Current({
  project,
  item,
  onDecided,
  onTakeBack,
}: {
  readonly project: string
  readonly item: Item
  readonly onDecided: (decision: string) => void
  readonly onTakeBack: (() => void) | null
}) {
  const view = useDisagreement(project, item)
  if (view.isPending) return <Loading what="the answers" rows={10} />
  if (view.isError) return <Failure error={view.error} onRetry={() => view.refetch()} />
  return (
    <OneDisagreement
      key={view.data.decision?.id ?? view.data.earlier.length}
      project={project}
      view={view.data}
      onDecided={({ decision }) => {
        if (decision !== null) onDecided(decision.id)
      }}
      onTakeBack={onTakeBack}
    />
  )
}
