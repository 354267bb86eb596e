import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { contractChanges } from '@leeway/core/autonomy/describe-contract'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { ChangeList } from './ChangeList.tsx'
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
        <ChangeList changes={contractChanges(documentOf(before.data), contract)} />
      )}
    </Panel>
  )
}
