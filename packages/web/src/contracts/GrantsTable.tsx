import type { SignedContract } from '@leeway/contract/autonomy'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { Panel } from '../design/Panel.tsx'
import { GRANT_LINES } from './grant-words.ts'

/** What baseline and candidate may do, side by side. */
export function GrantsTable({
  contract: { baseline, candidate, evidence },
  names,
}: {
  readonly contract: AutonomyContract
  readonly names: SignedContract['names']
}) {
  return (
    <Panel
      title="What each policy may do"
      aside={
        evidence.stage === null ? null : (
          <span className="text-12 text-ink-2">
            stage <bdi>{evidence.stage}</bdi> of its release
          </span>
        )
      }
    >
      <table className="w-full table-fixed text-start">
        <thead>
          <tr className="border-b border-line text-start">
            <td className="w-[34%]" />
            <Column kind="Baseline" name={names?.baseline} isDeclared={baseline.policySha256 !== ''} />
            {candidate === null ? null : (
              <Column kind="Candidate" name={names?.candidate} isDeclared={candidate.policySha256 !== ''} />
            )}
          </tr>
        </thead>
        <tbody>
          {GRANT_LINES.map(({ label, words }) => {
            const own = words(baseline)
            const other = candidate === null ? null : words(candidate)
            return (
              <tr key={label} className="border-b border-line align-top last:border-0">
                <th scope="row" className="py-2 pe-3 text-start text-12 font-normal text-ink-2">
                  {label}
                </th>
                <td className="py-2 pe-3" dir="auto">
                  {own}
                </td>
                {other === null ? null : (
                  <td className={`py-2 ${other === own ? 'text-ink-2' : 'font-semibold'}`} dir="auto">
                    {other}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
      {candidate === null ? (
        <p className="mt-1 text-12 text-ink-2">No release is open, so there is no candidate.</p>
      ) : null}
    </Panel>
  )
}

function Column({
  kind,
  name,
  isDeclared,
}: {
  readonly kind: string
  readonly name: string | null | undefined
  readonly isDeclared: boolean
}) {
  return (
    <th scope="col" className="py-2 pe-3 text-start align-top font-semibold" dir="auto">
      {name ?? kind}
      <span className="block text-12 font-normal text-ink-2">
        {kind.toLowerCase()}
        {isDeclared ? '' : ', undeclared: it only suggests'}
      </span>
    </th>
  )
}
