import type { SignedContract } from '@leeway/contract/autonomy'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { readFailure } from '../api/read-failure.ts'
import { CopyButton } from '../design/CopyButton.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Prose } from '../design/Prose.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ContractChanges } from './ContractChanges.tsx'
import { ContractSealLine } from './ContractSealLine.tsx'
import { documentOf } from './document-of.ts'
import { GrantsTable } from './GrantsTable.tsx'
import { limitLines } from './grant-words.ts'
import { ProposalPanel } from './ProposalPanel.tsx'
import { useContract, useContractVersions } from './queries.ts'
import { reasonWords } from './reason-words.ts'
import { SimulationPanel } from './SimulationPanel.tsx'
import { ToolTermsList } from './ToolTermsList.tsx'
import { VersionList } from './VersionList.tsx'

/** What an agent may do, as the gateway enforces it: this version, what it changed, and who answers for it. */
export function ContractPage() {
  const { project, agent } = useParams({ from: '/p/$project/contracts/$agent' })
  const { version } = useSearch({ from: '/p/$project/contracts/$agent' })
  const signed = useContract(project, agent, version)
  usePageTitle(`Contract of ${agent}`)
  if (signed.isPending) return <Loading what="the contract" rows={10} />
  if (signed.data !== undefined) return <Contract project={project} signed={signed.data} />
  if (readFailure(signed.error).code === 'not_found' && version === undefined)
    return (
      <>
        <ProposalPanel project={project} agent={agent} />
        <Empty
          title={`${agent} has no contract yet`}
          command={'npx leeway contract write contract.yaml --reason "first contract"'}
        >
          Here will stand which tools it may call, with which arguments, and what a person decides. Without
          one the gateway serves it to nobody. <code className="font-mono">docs/guide/gateway.md</code> shows
          such a file.
        </Empty>
      </>
    )
  return <Failure error={signed.error} onRetry={() => signed.refetch()} />
}

function Contract({ project, signed }: { readonly project: string; readonly signed: SignedContract }) {
  const contract = documentOf(signed)
  const { agent, version, evidence } = contract
  const { against } = useSearch({ from: '/p/$project/contracts/$agent' })
  const navigate = useNavigate()
  const list = useContractVersions(project, agent)
  const versions = list.data ?? []
  const numbers = versions.map((one) => one.version)
  const at = numbers.indexOf(version)
  const before = against ?? numbers[at + 1]
  const go = (search: { version?: number; against?: number }) =>
    navigate({ to: '/p/$project/contracts/$agent', params: { project, agent }, search, replace: true })
  const move = (to: number | undefined) => {
    if (to !== undefined) go({ version: to })
  }
  useLiveActions('contract', [
    {
      id: 'older-version',
      title: 'The version before',
      group: 'This page',
      keys: ['j'],
      unavailable: numbers[at + 1] === undefined ? 'There is none before it' : undefined,
      perform: () => move(numbers[at + 1]),
    },
    {
      id: 'newer-version',
      title: 'The version after',
      group: 'This page',
      keys: ['k'],
      unavailable: at <= 0 ? 'It is the newest' : undefined,
      perform: () => move(numbers[at - 1]),
    },
  ])
  return (
    <>
      <header className="mb-6">
        <nav aria-label="Where you are" className="text-12">
          <Link to="/p/$project/gateway" params={{ project }} className="link">
            Gateway
          </Link>{' '}
          <span className="text-ink-2">
            / <bdi>{agent}</bdi>
          </span>
        </nav>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-28" dir="auto">
            Contract {version} of {agent}
          </h1>
          <Standing expiresAt={contract.expiresAt} isNewest={at <= 0} />
        </div>
        <p className="mt-1" dir="auto">
          <bdi className="font-semibold">{signed.actorName}</bdi>: <Prose text={reasonWords(signed.reason)} />
        </p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 text-ink-2">
          <span>
            issued <Time at={contract.issuedAt} />, until <Time at={contract.expiresAt} />
          </span>
          {signed.names === undefined || signed.names.approvers.length === 0 ? null : (
            <span>
              approved by <bdi>{signed.names.approvers.join(', ')}</bdi>
            </span>
          )}
          {evidence.releaseId === null ? null : (
            <Link
              to="/p/$project/releases/$releaseId"
              params={{ project, releaseId: evidence.releaseId }}
              className="link"
            >
              its release
            </Link>
          )}
          <CopyButton value={JSON.stringify(signed, null, 2)} what="signed JSON" quiet />
          <CopyButton value={signed.sha256} what="SHA-256" />
        </div>
        <div className="mt-2">
          <ContractSealLine signed={signed} />
        </div>
      </header>
      <ProposalPanel project={project} agent={agent} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-6">
          <GrantsTable contract={contract} names={signed.names} />
          <ToolTermsList tools={contract.tools} />
          {before === undefined ? null : (
            <ContractChanges
              project={project}
              agent={agent}
              contract={contract}
              from={before}
              versions={numbers}
              onFrom={(other) => go({ version, against: other })}
            />
          )}
          <SimulationPanel key={version} project={project} agent={agent} version={version} />
        </div>
        <div className="min-w-0 space-y-6 self-start">
          <Panel title="Limits of all its policies">
            <dl className="divide-y divide-line">
              {limitLines(contract).map(({ label, value }) => (
                <div key={label} className="py-1.5">
                  <dt className="text-12 text-ink-2">{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </Panel>
          <Panel title="Versions">
            {list.isError ? <Failure error={list.error} onRetry={() => list.refetch()} /> : null}
            <VersionList project={project} agent={agent} versions={versions} shown={version} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Standing({ expiresAt, isNewest }: { readonly expiresAt: string; readonly isNewest: boolean }) {
  if (!isNewest) return <span className="text-ink-2">An earlier version; it does not hold any more.</span>
  if (Date.parse(expiresAt) > Date.now())
    return (
      <span className="text-ink-2">
        In force, ends <Time at={expiresAt} style="ago" />
      </span>
    )
  return (
    <span className="flex flex-wrap items-center gap-2">
      <StateMark state="unhealthy" word="Ran out" />
      Only the baseline serves, and a person decides about every call that changes something.
    </span>
  )
}
