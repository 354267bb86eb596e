import type { WrittenRequests as Written } from '@leeway/contract/planted-requests'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Time } from '../design/Time.tsx'
import { WriteRequestForm } from './WriteRequestForm.tsx'
import { useWithdrawRequest, useWrittenRequests } from './written-queries.ts'

/** What one wrote to be planted among held calls oneself, and a form for another. */
export function WrittenRequests({ project }: { readonly project: string }) {
  const written = useWrittenRequests(project)
  const [isWriting, setWriting] = useState(false)
  return (
    <section className="mt-5 border-t border-line pt-4" aria-labelledby="written-requests">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 id="written-requests" className="text-16">
          Written by you
        </h3>
        <Button size="small" aria-expanded={isWriting} onClick={() => setWriting(!isWriting)}>
          {isWriting ? 'Close' : 'Write one'}
        </Button>
      </div>
      <p className="mt-1 max-w-[80ch] text-14 text-ink-2">
        Each comes once, in the place of a copy and as rarely. It never follows a decision of yours, and what
        you decide about it yourself is not counted. Nobody else is shown it here: they may have to decide
        about it.
      </p>
      {isWriting ? <WriteRequestForm project={project} onWritten={() => setWriting(false)} /> : null}
      {written.isError ? <Failure error={written.error} onRetry={() => written.refetch()} /> : null}
      {written.data === undefined ? null : written.data.length === 0 ? (
        <p className="mt-3 text-14">You have written none.</p>
      ) : (
        <ul className="mt-2 divide-y divide-line">
          {written.data.map((one) => (
            <OneWritten key={one.id} project={project} one={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

const STATE = {
  kept: 'Kept. Whether it has come is told from the next day on.',
  planted: 'It has come before people.',
  withdrawn: 'Withdrawn.',
} as const satisfies Record<Written['items'][number]['state'], string>

function OneWritten({
  project,
  one: { id, agent, tool, reason, incidentId, at, state },
}: {
  readonly project: string
  readonly one: Written['items'][number]
}) {
  const withdraw = useWithdrawRequest(project)
  return (
    <li className="py-2.5 text-14">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 break-words" dir="auto">
          <bdi className="font-mono">{tool}</bdi> of <bdi>{agent}</bdi>, <Time at={at} />
          <span className="block">{reason}</span>
          <span className="block text-ink-2">
            {STATE[state]}{' '}
            {incidentId === null ? null : (
              <Link to="/p/$project/incidents/$incidentId" params={{ project, incidentId }} className="link">
                Its incident
              </Link>
            )}
          </span>
        </p>
        {state === 'kept' ? (
          <Button size="small" disabled={withdraw.isPending} onClick={() => withdraw.mutate(id)}>
            Withdraw
          </Button>
        ) : null}
      </div>
      {withdraw.isError ? <Failure error={withdraw.error} /> : null}
    </li>
  )
}
