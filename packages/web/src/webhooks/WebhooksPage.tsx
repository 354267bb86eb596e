import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { OnceShown } from '../accounts/OnceShown.tsx'
import { useMe } from '../accounts/queries.ts'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AddWebhookForm } from './AddWebhookForm.tsx'
import { useWebhooks } from './queries.ts'
import { WebhookItem } from './WebhookItem.tsx'

/** Who is told of what happens in this project, and whether it arrives. */
export function WebhooksPage() {
  const { project } = useParams({ from: '/p/$project/webhooks' })
  const me = useMe()
  const isAdmin = me.data?.projects.find((own) => own.slug === project)?.role === 'admin'
  usePageTitle('Webhooks')
  if (me.isPending) return <Loading what="the webhooks" rows={5} />
  if (!isAdmin)
    return <Empty title="Webhooks are for admins">Where messages go is nobody else’s business.</Empty>
  return <Webhooks project={project} />
}

function Webhooks({ project }: { readonly project: string }) {
  const webhooks = useWebhooks(project)
  const [isAdding, setAdding] = useState(false)
  const [shown, setShown] = useState<{ readonly url: string; readonly secret: string } | null>(null)
  const add: Action = {
    id: 'add-webhook',
    title: 'Add a webhook',
    group: 'This page',
    keys: ['a'],
    perform: () => setAdding(true),
  }
  useLiveActions('webhooks', [add])
  return (
    <div className="max-w-4xl space-y-5">
      <header>
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 className="text-28">Webhooks</h1>
          {isAdding ? null : <ActionButton action={add} kind="primary" />}
        </div>
        <p className="mt-1 text-ink-2">
          Addresses that are told of what happens, in signed messages without arguments and without words of a
          conversation. Nothing can be decided by answering one: its link leads here.
        </p>
      </header>
      {isAdding ? (
        <Panel title="Add a webhook">
          <AddWebhookForm
            project={project}
            onAdded={(url, secret) => {
              setShown({ url, secret })
              setAdding(false)
            }}
            onCancel={() => setAdding(false)}
          />
        </Panel>
      ) : null}
      {shown === null ? null : (
        <OnceShown
          title={`What messages to ${shown.url} are signed with`}
          value={shown.secret}
          what="secret"
          note="Shown this once. After a new secret, messages carry the signatures of both for a day."
        />
      )}
      {webhooks.isPending ? <Loading what="the webhooks" rows={5} /> : null}
      {webhooks.isError && webhooks.data === undefined ? (
        <Failure error={webhooks.error} onRetry={() => webhooks.refetch()} />
      ) : null}
      {webhooks.data?.length === 0 && !isAdding ? (
        <Empty
          title="Nobody is told yet"
          command="npx leeway webhook add https://hooks.example.org/leeway --events hold.opened"
        >
          Add an address of a program or of Slack, and it is told when a call waits, or when a candidate is
          rolled back.
        </Empty>
      ) : null}
      <ul className="space-y-4">
        {webhooks.data?.map((webhook) => (
          <WebhookItem
            key={webhook.id}
            project={project}
            webhook={webhook}
            onSecret={(url, secret) => setShown({ url, secret })}
          />
        ))}
      </ul>
    </div>
  )
}
