import { WEBHOOK_EVENTS, WEBHOOK_SHAPES, type WebhookEvent } from '@leeway/contract/webhooks'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { useAddWebhook } from './queries.ts'
import { EVENT_WORDS } from './webhook-words.ts'

type Shape = (typeof WEBHOOK_SHAPES)[number]

const SHAPE_WORDS: Readonly<Record<Shape, string>> = {
  standard: 'a program (Standard Webhooks)',
  slack: 'Slack, as a text with a link',
}

/** Whom to tell, and of what. */
export function AddWebhookForm({
  project,
  onAdded,
  onCancel,
}: {
  readonly project: string
  readonly onAdded: (url: string, secret: string) => void
  readonly onCancel: () => void
}) {
  const [url, setUrl] = useState('')
  const [shape, setShape] = useState<Shape>('standard')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(['hold.opened', 'release.rolled_back'])
  const add = useAddWebhook(project)
  return (
    <form
      aria-label="Add a webhook"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (events.length === 0 || add.isPending) return
        add.mutate(
          { url: url.trim(), shape, events: [...events] },
          { onSuccess: ({ webhook, secret }) => onAdded(webhook.url, secret) },
        )
      }}
    >
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_16rem]">
        <TextField
          label="Address"
          hint="https, and one that anybody can reach: https://hooks.example.org/leeway"
          type="url"
          autoFocus
          required
          maxLength={2_000}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <SelectField
          label="Who listens there"
          value={shape}
          onChange={(event) => setShape(event.target.value === 'slack' ? 'slack' : 'standard')}
        >
          {WEBHOOK_SHAPES.map((one) => (
            <option key={one} value={one}>
              {SHAPE_WORDS[one]}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset>
        <legend className="mb-1 text-12 font-semibold text-ink-2">It is told when</legend>
        <div className="grid gap-x-5 gap-y-1 sm:grid-cols-2">
          {WEBHOOK_EVENTS.map((event) => (
            <label key={event} className="flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={events.includes(event)}
                onChange={({ target }) =>
                  setEvents(target.checked ? [...events, event] : events.filter((one) => one !== event))
                }
              />
              {EVENT_WORDS[event]}
            </label>
          ))}
        </div>
      </fieldset>
      {add.isError ? <Failure error={add.error} /> : null}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={add.isPending || events.length === 0}>
          {add.isPending ? 'Adding…' : 'Add'}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
