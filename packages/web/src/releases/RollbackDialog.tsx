import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'

/** Asks once, says what it does, and does it. */
export function RollbackDialog({
  open,
  onOpenChange,
  candidate,
  baseline,
  error,
  isPending,
  onRollback,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly candidate: string
  readonly baseline: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onRollback: (reason: string) => void
}) {
  const [reason, setReason] = useState('')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Roll ${candidate} back`}
      description={`Every unit goes to ${baseline} at once, and this release ends. A new release can start later.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onRollback(reason.trim())
        }}
      >
        <TextArea
          label="Why you roll it back"
          hint="Goes into the ledger with your name. Nobody else needs to sign."
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {error == null ? null : <Failure error={error} />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Keep it running</Button>
          <Button kind="danger" type="submit" disabled={isPending || reason.trim().length < 3}>
            {isPending ? 'Rolling back…' : 'Roll back'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
