import type { DebateRecord } from '@leeway/contract/debates'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { answerName, outcomeWords, standingWords } from './debate-words.ts'
import { useDebate } from './queries.ts'
import { Transcript } from './Transcript.tsx'

/** The record of a debate, which can be read as the judge heard it: round by round. */
export function DebatePage() {
  const { project, debateId } = useParams({ from: '/p/$project/debates/$debateId' })
  const debate = useDebate(project, debateId)
  usePageTitle('Debate')
  if (debate.isPending) return <Loading what="the debate" rows={10} />
  if (debate.isError) return <Failure error={debate.error} onRetry={() => debate.refetch()} />
  return <Replay project={project} record={debate.data} />
}

function Replay({ project, record }: { readonly project: string; readonly record: DebateRecord }) {
  const { summary, answers } = record
  const last = Math.max(0, ...[...record.speeches, ...record.judgments].map(({ round }) => round))
  /** Null: everything, also what comes in while one looks. */
  const [upTo, setUpTo] = useState<number | null>(null)
  const round = upTo ?? last
  const back: Action = {
    id: 'earlier',
    title: 'One round back',
    group: 'This page',
    keys: ['ArrowLeft'],
    unavailable: round <= 1 ? 'This is the first round.' : undefined,
    perform: () => setUpTo(Math.max(1, round - 1)),
  }
  const on: Action = {
    id: 'later',
    title: 'One round on',
    group: 'This page',
    keys: ['ArrowRight'],
    unavailable: round >= last ? 'This is the last round.' : undefined,
    perform: () => setUpTo(round + 1 >= last ? null : round + 1),
  }
  useLiveActions('debate', [back, on])
  const outcome = outcomeWords(summary)
  const facts = [
    `${record.kind === 'debate' ? 'Debate' : 'Consultancy'}, the judge read ${record.judgeSees === 'quotes' ? 'quotes alone' : 'the episode too'}`,
    ...(['a', 'b'] as const).flatMap((side) =>
      summary.seats[side] === null ? [] : [`${summary.seats[side]} for ${answerName(answers, side)}`],
    ),
    ...(summary.seats.judge === null ? [] : [`Judged by ${summary.seats.judge}`]),
  ]
  return (
    <>
      <p className="text-14">
        <Link to="/p/$project/debates" params={{ project }} className="link">
          Debates
        </Link>
      </p>
      <h1 className="mt-1 max-w-[60ch] text-20 [overflow-wrap:anywhere]" dir="auto">
        {record.question}
      </h1>
      <p className="mt-1 max-w-[80ch] text-14 text-ink-2" dir="auto">
        {facts.join('. ')}.{' '}
        <Link
          to="/p/$project/episodes/$episodeId"
          params={{ project, episodeId: record.episodeId }}
          className="link"
        >
          The episode
        </Link>
      </p>
      <p className="figures mt-3 text-16 font-semibold" dir="auto">
        {standingWords(summary)}
        {outcome === null ? '' : `. ${outcome}`}.
      </p>
      {summary.resting === null ? null : <p className="mt-1 text-14 text-hold">{summary.resting}</p>}
      {last < 2 ? null : (
        <p className="figures mt-4 flex flex-wrap items-center gap-2 text-14">
          <ActionButton action={back} />
          <ActionButton action={on} />
          <span className="text-ink-2">
            Shown up to round {round} of {last}.
          </span>
        </p>
      )}
      <div className="mt-5 max-w-[60rem]">
        {last === 0 ? (
          <p className="text-ink-2">Nobody has spoken yet.</p>
        ) : (
          <Transcript
            answers={answers}
            speeches={record.speeches.filter((one) => one.round <= round)}
            judgments={record.judgments.filter((one) => one.round <= round)}
          />
        )}
      </div>
    </>
  )
}
