import type { ReleaseView } from '@leeway/contract/releases'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import { useActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { ReleaseIncidents } from '../incidents/ReleaseIncidents.tsx'
import { LadderColumn } from '../ladder/LadderColumn.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AnswersToGo } from './AnswersToGo.tsx'
import { ApproveDialog } from './ApproveDialog.tsx'
import { ChainPanel } from './ChainPanel.tsx'
import { DecisionHistory } from './DecisionHistory.tsx'
import { marksOf } from './decision-words.ts'
import { HaltOfRelease } from './HaltOfRelease.tsx'
import { useApprove, useRelease, useRollback } from './queries.ts'
import { ReleaseFinePrint } from './ReleaseFinePrint.tsx'
import { ReleaseHeader } from './ReleaseHeader.tsx'
import { RollbackPanel } from './RollbackPanel.tsx'
import { ShadowPanel } from './ShadowPanel.tsx'
import { VerdictPanel } from './VerdictPanel.tsx'
import { WatchPanel } from './WatchPanel.tsx'

const EvidenceChart = lazy(async () => ({ default: (await import('./EvidenceChart.tsx')).EvidenceChart }))

/** The heart: how far a candidate has climbed, what the evidence says, and what a person may decide. */
export function ReleasePage() {
  const { project, releaseId } = useParams({ from: '/p/$project/releases/$releaseId' })
  const release = useRelease(project, releaseId)
  if (release.isPending) return <Loading what="the release" rows={10} />
  // A failed refresh must not take away what is on the page already.
  if (release.data === undefined) return <Failure error={release.error} onRetry={() => release.refetch()} />
  return <OpenRelease key={releaseId} project={project} release={release.data} />
}

function OpenRelease({ project, release }: { readonly project: string; readonly release: ReleaseView }) {
  const { candidate, baseline, check, proposal } = release
  usePageTitle(`${candidate.name}, ${release.handle}`)
  const isOpen = release.state === 'climbing' || release.state === 'proposed'
  const rolledBack =
    release.state === 'rolled-back'
      ? release.decisions.findLast(({ kind }) => kind === 'rollback')
      : undefined
  const [asking, setAsking] = useState<'approve' | 'rollback' | null>(null)
  const approve = useApprove(project, release.id)
  const rollback = useRollback(project, release.id)
  const actions = useReleaseActions(candidate.name, isOpen, proposal !== null, setAsking)
  return (
    <>
      <ReleaseHeader project={project} release={release}>
        {proposal === null ? null : (
          <ActionButton kind="primary" action={actions.approve}>
            {proposal.toStage === null ? 'Complete the release…' : `Promote to ${proposal.toStage}…`}
          </ActionButton>
        )}
        {isOpen ? (
          <ActionButton kind="danger" action={actions.rollback}>
            Roll back…
          </ActionButton>
        ) : null}
      </ReleaseHeader>
      {isOpen ? <HaltOfRelease project={project} releaseId={release.id} /> : null}
      <div className="grid gap-6 lg:grid-cols-[minmax(17rem,22rem)_minmax(0,1fr)]">
        <div className="max-lg:order-last">
          <Panel title="Ladder">
            <LadderColumn
              stages={release.stages}
              hasEnded={!isOpen}
              presentNote={release.barrier === null ? null : <Barrier {...release.barrier} />}
            />
          </Panel>
        </div>
        <div className="min-w-0 space-y-6">
          {release.state === 'completed' ? (
            <WatchPanel project={project} agent={release.agent} releaseId={release.id} />
          ) : null}
          {rolledBack === undefined ? null : (
            <RollbackPanel project={project} release={release} decision={rolledBack} />
          )}
          {check === null ? (
            isOpen ? (
              <Empty
                title="No evidence at this stage yet"
                command={`npx leeway release status ${release.handle}`}
              >
                The first check appears here with the first labels of {release.stage}.
              </Empty>
            ) : null
          ) : (
            <>
              <VerdictPanel check={check} />
              {check.path.length < 2 ? null : (
                <Evidence
                  check={check}
                  isPaired={
                    release.unitSource === 'finite' || release.stages[release.stageIndex]?.autonomy !== 'act'
                  }
                />
              )}
            </>
          )}
          {release.toGo === null ? null : (
            <AnswersToGo
              project={project}
              releaseId={release.id}
              toGo={release.toGo}
              check={check}
              isOpen={isOpen}
            />
          )}
          <ShadowPanel project={project} releaseId={release.id} isOpen={isOpen} />
          <ChainPanel project={project} releaseId={release.id} isOpen={isOpen} />
          <ReleaseIncidents project={project} releaseId={release.id} />
          <Panel title="History">
            <DecisionHistory decisions={release.decisions} />
          </Panel>
          <ReleaseFinePrint project={project} release={release} />
        </div>
      </div>
      {proposal === null || check === null ? null : (
        <ApproveDialog
          open={asking === 'approve'}
          onOpenChange={(open) => setAsking(open ? 'approve' : null)}
          candidate={candidate.name}
          proposal={proposal}
          evidence={check.words.verdict}
          error={approve.error}
          isPending={approve.isPending}
          onApprove={(reason) =>
            approve.mutate({ checkId: proposal.checkId, reason }, { onSuccess: () => setAsking(null) })
          }
        />
      )}
      {asking === 'rollback' ? (
        <ReasonDialog
          title={`Roll ${candidate.name} back`}
          description={`Every unit goes to ${baseline.name} at once, and this release ends. A new release can start later.`}
          label="Why you roll it back"
          hint="Goes into the ledger with your name. Nobody else needs to sign."
          submit="Roll back"
          isDanger
          cancel="Keep it running"
          onClose={() => setAsking(null)}
          error={rollback.error}
          isPending={rollback.isPending}
          onSubmit={(reason) => rollback.mutate({ reason }, { onSuccess: () => setAsking(null) })}
        />
      ) : null}
    </>
  )
}

function Evidence({
  check,
  isPaired,
}: {
  readonly check: NonNullable<ReleaseView['check']>
  readonly isPaired: boolean
}) {
  const marks = useMemo(() => marksOf(check), [check])
  return (
    <Panel
      title={`Evidence at ${check.stage}`}
      aside={<span className="text-12 text-ink-2">check {check.ordinal}</span>}
    >
      <Suspense fallback={<Loading what="the chart" rows={8} />}>
        <EvidenceChart
          points={check.path}
          plan={check}
          marks={marks}
          unitWord={isPaired ? 'pair' : 'block'}
        />
      </Suspense>
    </Panel>
  )
}

function Barrier({ why, fix }: { readonly why: string; readonly fix: string }) {
  return (
    <div className="rounded-md bg-hold-wash px-3 py-2 text-12">
      <p className="font-semibold text-hold">The next stage stays shut: {why}.</p>
      <p className="mt-1 text-ink">To open it, {fix}.</p>
    </div>
  )
}

function useReleaseActions(
  candidate: string,
  isOpen: boolean,
  isProposed: boolean,
  ask: (what: 'approve' | 'rollback') => void,
): { readonly approve: Action; readonly rollback: Action } {
  const actions = useMemo(
    () => ({
      approve: {
        id: 'approve',
        title: 'Approve the promotion',
        group: 'This page',
        keys: ['a'],
        unavailable: isProposed ? undefined : 'No promotion is proposed',
        perform: () => ask('approve'),
      } as const,
      rollback: {
        id: 'rollback',
        title: `Roll ${candidate} back`,
        group: 'This page',
        keys: ['b'],
        unavailable: isOpen ? undefined : 'The release has ended',
        perform: () => ask('rollback'),
      } as const,
    }),
    [candidate, isOpen, isProposed, ask],
  )
  useActions(
    'release',
    useMemo(() => [actions.approve, actions.rollback], [actions]),
  )
  return actions
}
