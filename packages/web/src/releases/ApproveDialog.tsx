import type { ReleaseView } from '@leeway/contract/releases'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { Prose } from '../design/Prose.tsx'

/** Shows exactly what a promotion changes, who else must sign, and asks for the reason. */
export function ApproveDialog({
  open,
  onOpenChange,
  candidate,
  proposal,
  evidence,
  error,
  isPending,
  onApprove,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly candidate: string
  readonly proposal: NonNullable<ReleaseView['proposal']>
  /** The sentence of the check that proposed it. */
  readonly evidence: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onApprove: (reason: string) => void
}) {
  const [reason, setReason] = useState('')
  const stillNeeded = Math.max(0, proposal.approvalsNeeded - proposal.approvals.length - 1)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        proposal.toStage === null
          ? `Complete the release of ${candidate}`
          : `Promote ${candidate} to ${proposal.toStage}`
      }
      description={
        stillNeeded === 0
          ? 'Takes effect as soon as you approve.'
          : `Takes effect after ${stillNeeded} more ${stillNeeded === 1 ? 'person approves' : 'people approve'}.`
      }
    >
      <h3 className="text-12 font-semibold text-ink-2">What changes</h3>
      <ul className="mt-1 list-disc space-y-1 ps-4">
        {proposal.changes.map((change) => (
          <li key={change}>
            <Prose text={change} />
          </li>
        ))}
      </ul>
      <h3 className="mt-4 text-12 font-semibold text-ink-2">What it rests on</h3>
      <p className="mt-1">
        <Prose text={evidence} />
      </p>
      {proposal.approvals.length === 0 ? null : (
        <>
          <h3 className="mt-4 text-12 font-semibold text-ink-2">Approved already</h3>
          <ul className="mt-1 space-y-1">
            {proposal.approvals.map((approval) => (
              <li key={approval.at}>
                <bdi className="font-semibold">{approval.actorName}</bdi>: <bdi>{approval.reason}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault()
          onApprove(reason.trim())
        }}
      >
        <TextArea
          label="Why you approve"
          hint="Goes into the ledger with your name."
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {error == null ? null : <Failure error={error} />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button kind="primary" type="submit" disabled={isPending || reason.trim().length < 3}>
            {isPending ? 'Approving…' : 'Approve'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
