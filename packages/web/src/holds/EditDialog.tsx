import type { HoldView } from '@leeway/contract/holds'
import { useState } from 'react'
import { readFailure } from '../api/read-failure.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { argumentsProblem, argumentsToEdit } from './arguments-text.ts'

/** Other arguments in the place of the agent's, one field a call; the contract holds for them, too. */
export function EditDialog({
  calls,
  onClose,
  error,
  isPending,
  onSubmit,
}: {
  readonly calls: NonNullable<HoldView['text']>['calls']
  readonly onClose: () => void
  readonly error: unknown
  readonly isPending: boolean
  readonly onSubmit: (edit: { readonly reason: string; readonly argumentsTexts: string[] }) => void
}) {
  const [texts, setTexts] = useState(() => calls.map(({ argumentsText }) => argumentsToEdit(argumentsText)))
  const [reason, setReason] = useState('')
  const failure = error == null ? undefined : readFailure(error)
  const isAtField = failure?.field?.startsWith(`${FIELD}[`) === true
  const problemOf = (at: number) =>
    argumentsProblem(texts[at] ?? '') ??
    (failure?.field === `${FIELD}[${at}]` ? `${failure.detail} ${failure.hint}` : undefined)
  const isReady = reason.trim().length >= 3 && texts.every((text) => argumentsProblem(text) === null)
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Change the arguments"
      description="What you write here is carried out in place of what the agent asked for. The contract holds for it, too."
    >
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !isPending) onSubmit({ reason: reason.trim(), argumentsTexts: texts })
        }}
      >
        {calls.map(({ tool }, at) => (
          <TextArea
            // biome-ignore lint/suspicious/noArrayIndexKey: calls of one hold keep their places
            key={at}
            label={calls.length === 1 ? `Arguments of ${tool}` : `Arguments of ${tool}, call ${at + 1}`}
            hint="A JSON object."
            spellCheck={false}
            className="min-h-36 w-full rounded-md border border-line-strong bg-surface px-3 py-1.5 font-mono text-12 text-ink aria-invalid:border-rollback"
            problem={problemOf(at)}
            value={texts[at]}
            onChange={(event) =>
              setTexts(texts.map((text, place) => (place === at ? event.target.value : text)))
            }
          />
        ))}
        <TextArea
          label="Why you change them"
          hint="Stands with the decision."
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {error == null || isAtField ? null : <Failure error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending || !isReady}>
            {isPending ? 'One moment…' : 'Carry out as changed'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const FIELD = 'body.argumentsTexts'
