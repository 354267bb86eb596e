import type { DeliveryView, WebhookView } from '@leeway/contract/webhooks'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { useRemoveWebhook, useRotateWebhook, useTestWebhook } from './queries.ts'
import { deliveryWords, eventWords, type Health, healthOf } from './webhook-words.ts'

const MARK = {
  quiet: { state: 'hold', word: 'Not tried' },
  arrives: { state: 'promote', word: 'Arrives' },
  fails: { state: 'unhealthy', word: 'Fails' },
  disabled: { state: 'unhealthy', word: 'Disabled' },
} as const satisfies Record<Health['state'], unknown>

/** One address that is told, how it goes, and what was sent lately. */
export function WebhookItem({
  project,
  webhook,
  onSecret,
}: {
  readonly project: string
  readonly webhook: WebhookView
  readonly onSecret: (url: string, secret: string) => void
}) {
  const test = useTestWebhook(project)
  const rotate = useRotateWebhook(project)
  const [isRemoving, setRemoving] = useState(false)
  const health = healthOf(webhook)
  const failure = test.error ?? rotate.error
  return (
    <li className="rounded-lg border border-line bg-surface px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 className="font-mono text-14 font-semibold [overflow-wrap:anywhere]" dir="auto">
              {webhook.url}
            </h2>
            <StateMark {...MARK[health.state]} />
          </div>
          <p className="mt-1" dir="auto">
            {health.words}
          </p>
          <p className="mt-0.5 text-12 text-ink-2">
            {webhook.shape === 'slack' ? 'Slack is told' : 'It is told'} when{' '}
            {webhook.events.map(eventWords).join('; ')}; added <Time at={webhook.createdAt} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            disabled={test.isPending || webhook.disabled !== null}
            onClick={() => test.mutate(webhook.id)}
          >
            {test.isPending ? 'Sending…' : 'Send a test'}
            <span className="sr-only"> to {webhook.url}</span>
          </Button>
          <Button
            size="small"
            disabled={rotate.isPending}
            onClick={() =>
              rotate.mutate(webhook.id, { onSuccess: ({ secret }) => onSecret(webhook.url, secret) })
            }
          >
            New secret
            <span className="sr-only"> for {webhook.url}</span>
          </Button>
          <Button size="small" kind="danger" onClick={() => setRemoving(true)}>
            Remove…
            <span className="sr-only"> {webhook.url}</span>
          </Button>
        </div>
      </div>
      {failure === null ? null : (
        <div className="mt-3">
          <Failure error={failure} />
        </div>
      )}
      {test.data === undefined ? null : (
        <p role="status" className="mt-2" dir="auto">
          The test: {deliveryWords(test.data.delivery)}
        </p>
      )}
      {webhook.deliveries.length === 0 ? null : <Deliveries deliveries={webhook.deliveries} />}
      {isRemoving ? (
        <RemoveDialog project={project} webhook={webhook} onClose={() => setRemoving(false)} />
      ) : null}
    </li>
  )
}

function Deliveries({ deliveries }: { readonly deliveries: readonly DeliveryView[] }) {
  return (
    <details className="mt-3" open={deliveries.some(({ problem }) => problem !== null)}>
      <summary className="text-12 text-ink-2">Last attempts, newest first</summary>
      <ol className="mt-1 divide-y divide-line">
        {deliveries.map((delivery) => (
          <li
            key={`${delivery.messageId} ${delivery.attempt}`}
            className="grid gap-x-4 py-1.5 sm:grid-cols-[9rem_minmax(0,1fr)_minmax(0,1.2fr)]"
          >
            <span className="text-12 leading-[1.3125rem] text-ink-2">
              <Time at={delivery.at} />
            </span>
            <span dir="auto">
              {eventWords(delivery.event)}
              {delivery.attempt === 1 ? '' : `, attempt ${delivery.attempt}`}
            </span>
            <span className={delivery.problem === null ? 'text-ink-2' : 'text-unhealthy'} dir="auto">
              {deliveryWords(delivery)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function RemoveDialog({
  project,
  webhook,
  onClose,
}: {
  readonly project: string
  readonly webhook: WebhookView
  readonly onClose: () => void
}) {
  const remove = useRemoveWebhook(project)
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Remove this webhook"
      description={`Nothing more is sent to ${webhook.url}, and its secrets are deleted. It goes into the ledger.`}
    >
      {remove.isError ? <Failure error={remove.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate(webhook.id, { onSuccess: onClose })}
        >
          Remove
        </Button>
      </div>
    </Dialog>
  )
}
