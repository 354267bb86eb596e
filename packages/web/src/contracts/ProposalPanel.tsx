import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { ChangeList } from './ChangeList.tsx'
import { useApproveContract, useContractProposal, useWithdrawContract } from './queries.ts'

/** A contract that waits for a second person: what it would change, who wants it, and why. Nothing where none waits. */
export function ProposalPanel({ project, agent }: { readonly project: string; readonly agent: string }) {
  const waiting = useContractProposal(project, agent)
  const approve = useApproveContract(project)
  const withdraw = useWithdrawContract(project)
  const me = useMe()
  const isAdmin = me.data?.projects.find(({ slug }) => slug === project)?.role === 'admin'
  const proposal = waiting.data
  if (waiting.isError) return <Failure error={waiting.error} onRetry={() => waiting.refetch()} />
  if (proposal == null) return null
  const { proposerName, proposedAt, reason, against, changes, cannot, own } = proposal
  const busy = approve.isPending || withdraw.isPending
  const failed = approve.error ?? withdraw.error
  return (
    <div className="mb-6">
      <Panel title="A new contract waits for a second person">
        <p dir="auto">
          <bdi className="font-semibold">{proposerName}</bdi>, <Time at={proposedAt} />: {reason}
        </p>
        {cannot === null ? (
          <>
            <p className="mt-2 text-12 text-ink-2">
              {against === null ? 'It would be the first.' : `What it changes in contract ${against}:`}
            </p>
            <ChangeList changes={changes} />
          </>
        ) : (
          <p className="mt-2 text-hold" dir="auto">
            It cannot be issued any more: {cannot}
          </p>
        )}
        {failed === null ? null : <Failure error={failed} />}
        {isAdmin ? (
          <div className="mt-3 flex flex-wrap items-center gap-2">
            {own || cannot !== null ? null : (
              <Button kind="primary" disabled={busy} onClick={() => approve.mutate(proposal)}>
                Approve it
              </Button>
            )}
            <Button disabled={busy} onClick={() => withdraw.mutate(proposal)}>
              Withdraw it
            </Button>
            <span className="text-12 text-ink-2">
              {own
                ? 'You proposed it: another admin approves it.'
                : 'It holds as soon as you approve it, with both your names.'}
            </span>
          </div>
        ) : null}
      </Panel>
    </div>
  )
}
