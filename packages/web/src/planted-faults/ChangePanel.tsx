import type { PlantedChange } from '@leeway/contract/planted-faults'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { StepBody } from '../episodes/StepBody.tsx'
import { usePlantedChange, useReviewPlanted } from './queries.ts'

/** What the copy has other than its original; whoever looks says whether it is a fault. */
export function ChangePanel({ project, planted }: { readonly project: string; readonly planted: string }) {
  const change = usePlantedChange(project, planted)
  const review = useReviewPlanted(project, planted)
  const [reason, setReason] = useState('')
  if (change.isPending) return <Loading what="the copy" rows={4} />
  if (change.isError) return <Failure error={change.error} onRetry={() => change.refetch()} />
  const { fault, removed, added } = change.data
  const say = (accepted: boolean) => review.mutate({ accepted, reason })
  return (
    <div className="space-y-4 border-t border-line pt-3">
      <p className="text-14">
        <span dir="auto">“{fault.question}”</span> is now: <b>{fault.value}</b>.
      </p>
      <div className="grid gap-4 md:grid-cols-2">
        <Steps title="In the original" steps={removed} />
        <Steps title="In the copy" steps={added} />
      </div>
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          say(true)
        }}
      >
        <div className="min-w-60 flex-1">
          <TextField
            label="Why it is a fault, or none"
            value={reason}
            required
            minLength={3}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <Button type="submit" kind="primary" disabled={reason.trim().length < 3 || review.isPending}>
          Accept
        </Button>
        <Button disabled={reason.trim().length < 3 || review.isPending} onClick={() => say(false)}>
          Reject
        </Button>
      </form>
      {review.isError ? <Failure error={review.error} /> : null}
    </div>
  )
}

function Steps({ title, steps }: { readonly title: string; readonly steps: PlantedChange['added'] }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 text-14 font-semibold">{title}</h3>
      {steps.length === 0 ? <p className="text-14 text-ink-2">Nothing stands there.</p> : null}
      <ol className="space-y-3">
        {steps.map((step) => (
          <li key={step.ordinal} className="rounded-md border border-line p-3">
            <p className="figures mb-1 text-12 text-ink-2">
              Step {step.ordinal}, {step.kind.replace('_', ' ')}
              {step.name === null ? '' : ': '}
              {step.name === null ? null : <bdi>{step.name}</bdi>}
            </p>
            <StepBody
              kind={step.kind}
              content={step.content}
              error={step.error}
              isRaw={false}
              isBlind={false}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}
