import type { GatewayView, UpstreamView } from '@leeway/contract/gateway'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AlertsPanel } from './AlertsPanel.tsx'
import { ClientPanel } from './ClientPanel.tsx'
import { DriftPanel } from './DriftPanel.tsx'
import { HaltControl } from './HaltControl.tsx'
import { useGateway } from './queries.ts'
import { ReplicasLine } from './ReplicasLine.tsx'
import { ServingDialog } from './ServingDialog.tsx'
import { ServingsPanel } from './ServingsPanel.tsx'
import { SetUpSteps } from './SetUpSteps.tsx'
import { type ServedPolicy, servedPolicies } from './served-policies.ts'
import { TrafficPanel } from './TrafficPanel.tsx'
import { UpstreamDialog } from './UpstreamDialog.tsx'
import { UpstreamsPanel } from './UpstreamsPanel.tsx'

/** What stands between agents and their models: who serves, by which processes, and where models are called. */
export function GatewayPage() {
  const { project } = useParams({ from: '/p/$project/gateway' })
  const me = useMe()
  const role = me.data?.projects.find((own) => own.slug === project)?.role
  usePageTitle('Gateway')
  if (me.isPending) return <Loading what="the gateway" rows={8} />
  if (role === 'rater')
    return (
      <Empty title="The gateway is not shown to raters">Who serves what would tell which policy acted.</Empty>
    )
  return <Gateway project={project} isAdmin={role === 'admin'} />
}

function Gateway({ project, isAdmin }: { readonly project: string; readonly isAdmin: boolean }) {
  const gateway = useGateway(project)
  return (
    <div className="max-w-5xl space-y-6">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-28">Gateway</h1>
        {isAdmin ? <HaltControl project={project} /> : null}
      </header>
      {gateway.isPending ? <Loading what="the gateway" rows={8} /> : null}
      {gateway.isError && gateway.data === undefined ? (
        <Failure error={gateway.error} onRetry={() => gateway.refetch()} />
      ) : null}
      {gateway.data === undefined ? null : (
        <Parts project={project} isAdmin={isAdmin} gateway={gateway.data} />
      )}
    </div>
  )
}

type Asking =
  | { readonly what: 'upstream'; readonly upstream: UpstreamView | null }
  | { readonly what: 'serving'; readonly policy: ServedPolicy | null }

function Parts({
  project,
  isAdmin,
  gateway,
}: {
  readonly project: string
  readonly isAdmin: boolean
  readonly gateway: GatewayView
}) {
  const { upstreams, servings, agents } = gateway
  const [asking, setAsking] = useState<Asking | null>(null)
  const policies = servedPolicies(gateway)
  const addUpstream: Action = {
    id: 'add-upstream',
    title: 'Add an upstream',
    group: 'This page',
    keys: ['u'],
    perform: () => setAsking({ what: 'upstream', upstream: null }),
  }
  const servePolicy: Action = {
    id: 'serve-policy',
    title: 'Serve a policy',
    group: 'This page',
    keys: ['s'],
    unavailable: upstreams.length === 0 ? 'Add an upstream first' : undefined,
    perform: () => setAsking({ what: 'serving', policy: null }),
  }
  useLiveActions('gateway', isAdmin ? [addUpstream, servePolicy] : [])
  const close = () => setAsking(null)
  return (
    <>
      <ReplicasLine replicas={gateway.replicas} isHalted={gateway.halted !== null} />
      <AlertsPanel project={project} />
      <SetUpSteps
        hasUpstream={upstreams.length > 0}
        hasServing={servings.length > 0}
        hasContract={agents.length > 0}
      />
      {agents.length === 0 ? null : <TrafficPanel project={project} agents={agents} />}
      <DriftPanel project={project} />
      <ServingsPanel
        policies={policies}
        onAdd={isAdmin ? <ActionButton action={servePolicy} size="small" /> : null}
        onChange={isAdmin ? (policy) => setAsking({ what: 'serving', policy }) : null}
      />
      <UpstreamsPanel
        upstreams={upstreams}
        onAdd={isAdmin ? <ActionButton action={addUpstream} size="small" /> : null}
        onChange={isAdmin ? (upstream) => setAsking({ what: 'upstream', upstream }) : null}
      />
      {agents.length === 0 ? null : (
        <ClientPanel project={project} agents={agents.map(({ agent }) => agent)} mayMakeKeys={isAdmin} />
      )}
      {isAdmin ? (
        <p>
          Who is told when a call waits, of rollbacks, halts and alerts:{' '}
          <Link to="/p/$project/webhooks" params={{ project }} className="link">
            webhooks
          </Link>
          .
        </p>
      ) : null}
      {asking?.what === 'upstream' ? (
        <UpstreamDialog project={project} upstream={asking.upstream} onClose={close} />
      ) : null}
      {asking?.what === 'serving' ? (
        <ServingDialog project={project} policy={asking.policy} upstreams={upstreams} onClose={close} />
      ) : null}
    </>
  )
}
