import type { IncidentDetail } from '@leeway/contract/incidents'
import type { ReactNode } from 'react'
import { CopyButton } from '../design/CopyButton.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf } from '../numbers/format-number.ts'

/** What held when the episode ran, as it was written down when the incident was reported. */
export function FrozenPanel({ incident }: { readonly incident: IncidentDetail }) {
  const { frozen, frozenSha256, ledgerSeq } = incident
  const { episode, served, contract, release, turns } = frozen
  return (
    <Panel
      title="What held when it ran"
      aside={<CopyButton value={JSON.stringify(frozen, null, 2)} what="all of it as JSON" />}
    >
      <dl className="figures space-y-1 text-14">
        <Fact name="Policy">
          <bdi>{served.policy}</bdi> <Hash value={served.configSha256} />
        </Fact>
        <Fact name="Contract">
          {contract === null ? (
            'none was in force'
          ) : (
            <>
              version {contract.version} <Hash value={contract.sha256} />
            </>
          )}
        </Fact>
        <Fact name="Release">
          {release === null
            ? 'the policy was in none'
            : `${release.role}, at ${release.stage} when it was reported, after ${formatCountOf(release.decisions.length, 'decision')}`}
        </Fact>
        {release?.selection == null ? null : (
          <Fact name="Drawn">
            {`unit ${release.selection.sequence} of ${release.selection.stage}, ${release.selection.arm}, with probability ${round(release.selection.armPropensity)}; audited with probability ${round(release.selection.auditProbability)}`}
          </Fact>
        )}
        <Fact name="Ran">
          <Time at={episode.startedAt ?? episode.importedAt} style="long" />
        </Fact>
        <Fact name="Episode">
          <Hash value={episode.contentHash} />
        </Fact>
      </dl>
      {turns.length === 0 ? null : (
        <details className="mt-3">
          <summary className="cursor-pointer text-14">
            What the gateway decided in {formatCountOf(turns.length, 'turn')}
          </summary>
          <ol className="figures mt-2 space-y-1 text-12">
            {turns.map((turn) => (
              <li key={turn.id}>
                <Time at={turn.endedAt} /> {turn.role}, contract version {turn.contractVersion}:{' '}
                {turn.outcome}
              </li>
            ))}
          </ol>
        </details>
      )}
      <p className="mt-3 text-12 text-ink-2">
        Ledger entry {ledgerSeq} holds the hash of all this: <Hash value={frozenSha256} />
      </p>
    </Panel>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[7rem_minmax(0,1fr)]">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Hash({ value }: { readonly value: string }) {
  return (
    <span className="font-mono text-12 text-ink-2" title={value}>
      {value.slice(0, 12)}
    </span>
  )
}

const round = (probability: number) => String(Math.round(probability * 1000) / 1000)
