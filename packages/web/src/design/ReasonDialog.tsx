import { useState } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Failure } from './Failure.tsx'
import { TextArea } from './Field.tsx'

/** Says what it does, asks why, and does it. */
export function ReasonDialog({
  onClose,
  title,
  description,
  label,
  hint,
  submit,
  isDanger,
  cancel = 'Cancel',
  error,
  isPending,
  onSubmit,
}: {
  readonly onClose: () => void
  readonly title: string
  readonly description: string
  readonly label: string
  readonly hint: string
  readonly submit: string
  readonly isDanger: boolean
  /** What it means not to do it. */
  readonly cancel?: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onSubmit: (reason: string) => void
}) {
  const [reason, setReason] = useState('')
  const isShort = reason.trim().length < 3
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={title}
      description={description}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!isShort && !isPending) onSubmit(reason.trim())
        }}
      >
        <TextArea
          label={label}
          hint={hint}
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
              event.currentTarget.form?.requestSubmit()
          }}
        />
        {error == null ? null : <Failure error={error} />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{cancel}</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} type="submit" disabled={isPending || isShort}>
            {isPending ? 'One moment…' : submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
