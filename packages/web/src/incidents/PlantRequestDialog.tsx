import type { IncidentCalls } from '@leeway/contract/planted-requests'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { argumentsToEdit } from '../holds/arguments-text.ts'
import { useIncidentCalls, usePlantIncident } from '../planted-faults/written-queries.ts'

/** The incident's own call, to come once more before people who decide about held calls. */
export function PlantRequestDialog({
  project,
  incident,
  onClose,
}: {
  readonly project: string
  readonly incident: string
  readonly onClose: () => void
}) {
  const found = useIncidentCalls(project, incident)
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Plant a like request"
      description="The call comes once more among held calls, as rarely as every planted one, before others than you and whoever reported this. Nothing is carried out."
    >
      {found.isError ? (
        <Failure error={found.error} onRetry={() => found.refetch()} />
      ) : found.data === undefined ? (
        <Loading what="its calls" rows={4} />
      ) : found.data.none === null ? (
        <CallForm project={project} incident={incident} found={found.data} onClose={onClose} />
      ) : (
        <>
          <p>{found.data.none}</p>
          <div className="mt-3 flex justify-end">
            <Button onClick={onClose}>Close</Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function CallForm({
  project,
  incident,
  found: { calls, reason: reported },
  onClose,
}: {
  readonly project: string
  readonly incident: string
  readonly found: IncidentCalls
  readonly onClose: () => void
}) {
  // The last that could be planted is most often the one that did it.
  const [step, setStep] = useState(
    () => (calls.findLast(({ cannot }) => cannot === null) ?? calls.at(-1))?.step ?? 0,
  )
  const [reason, setReason] = useState(reported)
  const plant = usePlantIncident(project, incident)
  const call = calls.find((one) => one.step === step)
  const cannot = call?.cannot ?? null
  const isReady = cannot === null && reason.trim().length >= 3
  if (plant.isSuccess)
    return (
      <>
        <p role="status">
          It is kept. It stands under{' '}
          <Link to="/p/$project/planted-faults" params={{ project }} className="link">
            Planted faults
          </Link>
          , where you can withdraw it. Whether it has come is told there from the next day on.
        </p>
        <div className="mt-3 flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </>
    )
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady && !plant.isPending) plant.mutate({ step, reason: reason.trim() })
      }}
    >
      <SelectField
        label="Which call"
        problem={cannot ?? undefined}
        value={step}
        onChange={(event) => setStep(Number(event.target.value))}
      >
        {calls.map((one) => (
          <option key={one.step} value={one.step}>
            Step {one.step}: {one.tool}
          </option>
        ))}
      </SelectField>
      <pre className="max-h-60 overflow-auto rounded-md border border-line p-2 font-mono text-12 break-words whitespace-pre-wrap">
        {argumentsToEdit(call?.argumentsText ?? '')}
      </pre>
      <TextArea
        label="Why it should be denied"
        hint="Stands with what you wrote. Nobody who decides is shown it."
        required
        minLength={3}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {plant.isError ? <Failure error={plant.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={plant.isPending || !isReady}>
          {plant.isPending ? 'One moment…' : 'Plant it'}
        </Button>
      </div>
    </form>
  )
}
