import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { LedgerDays } from './LedgerDays.tsx'
import { LedgerSeal } from './LedgerSeal.tsx'
import { useLedger } from './queries.ts'

/** Actions of the project, grouped as people look for them; anything else is found under "Everything". */
const ACTIONS = [
  ['', 'Everything'],
  ['release.started', 'Releases started'],
  ['promotion.proposed', 'Promotions proposed'],
  ['promotion.approved', 'Approvals'],
  ['stage.promoted', 'Promotions'],
  ['stage.closed', 'Stages closed'],
  ['release.rolled-back', 'Rollbacks'],
  ['watch.alarmed', 'Alarms after a promotion'],
  ['incident.reported', 'Incidents reported'],
  ['incident.closed', 'Incidents closed'],
  ['anchor.declared', 'Anchors declared'],
  ['ladder.changed', 'Ladders changed'],
  ['episode.erased', 'Episodes erased'],
  ['key.created', 'API keys made'],
  ['key.revoked', 'API keys revoked'],
] as const

/** The history of every decision and change, newest first, sealed by a chain of hashes. */
export function LedgerPage() {
  const { project } = useParams({ from: '/p/$project/ledger' })
  const { action } = useSearch({ from: '/p/$project/ledger' })
  const navigate = useNavigate()
  const ledger = useLedger(project, { action })
  usePageTitle('Ledger')
  const entries = ledger.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <h1 className="text-28">Ledger</h1>
      <p className="mt-1 mb-5 text-ink-2">
        What was proposed, approved, decided and changed, by whom. Each entry holds the hash of the one
        before, so none can be changed, moved or taken out unseen.
      </p>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <div className="mb-4 max-w-64">
            <SelectField
              label="Show"
              value={action ?? ''}
              onChange={(event) =>
                navigate({
                  to: '/p/$project/ledger',
                  params: { project },
                  search: event.target.value === '' ? {} : { action: event.target.value },
                  replace: true,
                })
              }
            >
              {ACTIONS.map(([name, words]) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
            </SelectField>
          </div>
          {ledger.isPending ? <Loading what="the ledger" rows={8} /> : null}
          {ledger.isError ? <Failure error={ledger.error} onRetry={() => ledger.refetch()} /> : null}
          {ledger.isSuccess && entries.length === 0 ? (
            <Empty title={action === undefined ? 'Nothing has been decided yet' : 'No entry of this kind'}>
              The first release writes the first decisions here.
            </Empty>
          ) : null}
          <LedgerDays entries={entries} />
          {ledger.hasNextPage ? (
            <Button
              className="mt-4"
              disabled={ledger.isFetchingNextPage}
              onClick={() => ledger.fetchNextPage()}
            >
              {ledger.isFetchingNextPage ? 'Loading…' : 'Show earlier entries'}
            </Button>
          ) : null}
        </div>
        <LedgerSeal project={project} />
      </div>
    </>
  )
}
