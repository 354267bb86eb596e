import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { type ContractChange, contractChanges } from '@leeway/core/autonomy/describe-contract'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { documentOf } from './document-of.ts'
import { useContract } from './queries.ts'

/** What this version allows that another did not, and the other way round. */
export function ContractChanges({
  project,
  agent,
  contract,
  from,
  versions,
  onFrom,
}: {
  readonly project: string
  readonly agent: string
  readonly contract: AutonomyContract
  /** The version that it is compared with. */
  readonly from: number
  readonly versions: readonly number[]
  readonly onFrom: (version: number) => void
}) {
  const before = useContract(project, agent, from)
  return (
    <Panel title={`What version ${contract.version} changed`}>
      <div className="mb-2 max-w-40">
        <SelectField
          label="Compared with"
          value={from}
          onChange={(event) => onFrom(Number(event.target.value))}
        >
          {versions
            .filter((version) => version !== contract.version)
            .map((version) => (
              <option key={version} value={version}>
                version {version}
              </option>
            ))}
        </SelectField>
      </div>
      {before.isPending ? <Loading what="the other version" rows={2} /> : null}
      {before.isError ? <Failure error={before.error} onRetry={() => before.refetch()} /> : null}
      {before.data === undefined ? null : (
        <Changes changes={contractChanges(documentOf(before.data), contract)} />
      )}
    </Panel>
  )
}

function Changes({ changes }: { readonly changes: readonly ContractChange[] }) {
  if (changes.length === 0) return <p className="text-ink-2">Nothing but version and time.</p>
  return (
    <ul className="divide-y divide-line">
      {changes.map(({ kind, words }) => (
        <li key={words} className="grid gap-x-4 py-2 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
          <span
            className={`flex items-center gap-1.5 self-start text-12 leading-[1.3125rem] font-semibold ${TEXT[kind]}`}
          >
            <svg
              aria-hidden="true"
              width="12"
              height="12"
              viewBox="0 0 12 12"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              strokeLinecap="round"
            >
              <path d={SHAPE[kind]} />
            </svg>
            {kind}
          </span>
          <p dir="auto">{words}</p>
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  looser: 'text-hold',
  tighter: 'text-promote',
  other: 'text-ink-2',
} as const satisfies Record<ContractChange['kind'], string>

const SHAPE = {
  looser: 'M6 1.5v9M1.5 6h9',
  tighter: 'M1.5 6h9',
  other: 'M1.5 4h9M1.5 8h9',
} as const satisfies Record<ContractChange['kind'], string>
