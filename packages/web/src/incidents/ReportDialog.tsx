import { SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { rollsBack } from '@leeway/core/ladder/incident-rule'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea } from '../design/Field.tsx'
import { useReportIncident } from './queries.ts'
import { type Violated, ViolatedFields } from './ViolatedFields.tsx'

const WORDS = {
  minor: 'Minor: no lasting harm',
  major: 'Major: harm that costs somebody something',
  critical: 'Critical: grave harm, or harm that cannot be undone',
} as const satisfies Record<Severity, string>

/** Says that an episode did harm: how grave, why, and, where a question was violated, what the right answer is. */
export function ReportDialog({
  project,
  episode,
  agent,
  onClose,
}: {
  readonly project: string
  readonly episode: string
  readonly agent: string
  readonly onClose: () => void
}) {
  const [severity, setSeverity] = useState<Severity>('major')
  const [reason, setReason] = useState('')
  const [violated, setViolated] = useState<Violated | null>(null)
  const report = useReportIncident(project)
  const isReady = reason.trim().length >= 3 && violated?.value !== ''
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Report an incident"
      description="What held when this episode ran is written down, and its text is kept until the incident is closed."
    >
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !report.isPending)
            report.mutate(
              { episode, severity, reason: reason.trim(), ...(violated === null ? {} : { violated }) },
              { onSuccess: onClose },
            )
        }}
      >
        <SelectField
          label="Severity"
          hint={
            rollsBack(severity)
              ? 'If the policy is the candidate of an open release, it is rolled back at once.'
              : 'Nothing is rolled back. People decide.'
          }
          value={severity}
          onChange={(event) => setSeverity(event.target.value as Severity)}
        >
          {SEVERITIES.map((one) => (
            <option key={one} value={one}>
              {WORDS[one]}
            </option>
          ))}
        </SelectField>
        <TextArea
          label="What happened"
          hint="Stands with the incident, with your name."
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ViolatedFields project={project} agent={agent} violated={violated} onChange={setViolated} />
        {report.isError ? <Failure error={report.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" disabled={report.isPending || !isReady}>
            {report.isPending ? 'One moment…' : 'Report'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
