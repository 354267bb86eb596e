import type { HoldList as Listed } from '@leeway/contract/holds'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { HaltControl } from '../gateway/HaltControl.tsx'
import { formatCount } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ApprovalPause } from './ApprovalPause.tsx'
import { DecidedHolds } from './DecidedHolds.tsx'
import { HoldList } from './HoldList.tsx'
import { OneHold } from './OneHold.tsx'
import { othersOfCard } from './others-of-card.ts'
import { useHold, useHolds } from './queries.ts'

/** Calls that wait for a person: what they would do, and what led there. Only admins decide. */
export function HoldsPage() {
  const { project } = useParams({ from: '/p/$project/holds' })
  const me = useMe()
  const isAdmin = me.data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const list = useHolds(project, isAdmin, true)
  usePageTitle('Held calls')
  if (me.isSuccess && !isAdmin)
    return <Empty title="Held calls are decided by admins">Nothing here waits for you.</Empty>
  if (list.isError && list.data === undefined)
    return <Failure error={list.error} onRetry={() => list.refetch()} />
  if (list.data === undefined) return <Loading what="the calls that wait" rows={8} />
  return <Holds project={project} list={list.data} />
}

function Holds({ project, list }: { readonly project: string; readonly list: Listed }) {
  const { open, answered } = list
  const now = useNow()
  const [chosen, setChosen] = useState<string | null>(null)
  const first = open[0]?.id ?? null
  // What somebody reads stays before them, whatever comes, runs out or is decided by others.
  useEffect(() => {
    if (chosen === null && first !== null) setChosen(first)
  }, [chosen, first])
  const at = open.findIndex(({ id }) => id === chosen)
  const move = (to: number) => {
    const hold = open[Math.max(0, Math.min(open.length - 1, to))]
    if (hold !== undefined) setChosen(hold.id)
  }
  const group = 'This page' as const
  useLiveActions('holds', [
    {
      id: 'next-hold',
      title: 'Next call that waits',
      group,
      keys: ['j'],
      unavailable: open.length === 0 || at === open.length - 1 ? 'There is none after this one' : undefined,
      perform: () => move(at + 1),
    },
    {
      id: 'hold-before',
      title: 'Call before',
      group,
      keys: ['k'],
      unavailable: at <= 0 ? 'There is none before this one' : undefined,
      perform: () => move(at - 1),
    },
  ])
  const after = (decided: readonly string[]) => {
    const others = open.filter(({ id }) => !decided.includes(id))
    setChosen((others[at] ?? others[0])?.id ?? chosen)
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-20">Held calls</h1>
        <p className="figures text-14 text-ink-2" aria-live="polite">
          {open.length === 0
            ? 'None waits for you.'
            : `${formatCount(open.length)} ${open.length === 1 ? 'waits' : 'wait'} for a person.`}
        </p>
        <HaltControl project={project} />
      </div>
      <ApprovalPause project={project} />
      {open.length === 0 && chosen === null ? (
        <Empty title="Calls that a person should decide about will wait here">
          <p>
            They come when an agent asks its model through the gateway and its contract holds a call. How to
            set that up is in the guide, <code className="font-mono">docs/guide/gateway.md</code>.
          </p>
        </Empty>
      ) : (
        <div className="grid gap-6 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div className="min-w-0">
            <HoldList open={open} chosen={chosen} now={now} onChoose={setChosen} />
          </div>
          {chosen === null ? null : (
            <Current
              key={chosen}
              project={project}
              hold={chosen}
              now={now}
              sameCard={othersOfCard(open, chosen)}
              onAnswered={after}
            />
          )}
        </div>
      )}
      <div className="mt-6">
        <DecidedHolds answered={answered} onChoose={setChosen} />
      </div>
    </>
  )
}

function Current({
  project,
  hold,
  now,
  sameCard,
  onAnswered,
}: {
  readonly project: string
  readonly hold: string
  readonly now: number
  readonly sameCard: readonly string[]
  readonly onAnswered: (holds: readonly string[]) => void
}) {
  const view = useHold(project, hold)
  if (view.data !== undefined)
    return (
      <OneHold project={project} view={view.data} now={now} sameCard={sameCard} onAnswered={onAnswered} />
    )
  if (view.isError) return <Failure error={view.error} onRetry={() => view.refetch()} />
  return <Loading what="the call" rows={8} />
}

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
