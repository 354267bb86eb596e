import type { ValidityReport } from '@leeway/contract/validity'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatCount, formatPercentInterval, formatPointsInterval } from '../numbers/format-number.ts'
import { useValidity } from './queries.ts'
import { ValidityForm } from './ValidityForm.tsx'
import { ValidityRounds } from './ValidityRounds.tsx'

const VERDICT = {
  passes: 'Passes',
  fails: 'Fails',
  undecided: 'Undecided',
  'too-few': 'Too few guesses',
} as const satisfies Record<ValidityReport['operators'][number]['verdict'], string>

/** Whether people tell planted faults from natural ones, and the rounds in which they are asked. */
export function ValidityPanel({ project }: { readonly project: string }) {
  const report = useValidity(project)
  const [isOpening, setOpening] = useState(false)
  if (report.isPending) return <Loading what="what validity rounds show" rows={3} />
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { operators, rounds } = report.data
  return (
    <Panel
      title="Do they pass for natural faults?"
      aside={
        isOpening || operators.length === 0 ? null : (
          <Button kind="quiet" onClick={() => setOpening(true)}>
            Open a round
          </Button>
        )
      }
    >
      <p className="max-w-[80ch] text-14 text-ink-2">
        In a round people who agreed are shown planted and natural faults, by a coin, and say which is which.
        Faults that they tell apart by more than 10 points over guessing are mixed in no more.
      </p>
      {isOpening ? (
        <div className="mt-3">
          <ValidityForm
            project={project}
            operators={operators.map(({ operator }) => operator)}
            onDone={() => setOpening(false)}
          />
        </div>
      ) : null}
      {operators.length === 0 ? (
        <p className="mt-3 text-14">Nothing can be asked yet: accept copies with a fault first.</p>
      ) : (
        <>
          <WideTable label="Each fault, and who could tell" className="mt-3">
            <table className="figures w-full text-14">
              <thead>
                <tr className="text-left align-bottom text-ink-2">
                  <th className="py-1 pr-4 font-normal">Fault</th>
                  <th className="py-1 pr-4 font-normal">Verdict</th>
                  <th className="py-1 pr-4 font-normal">Right guesses, with their interval</th>
                  <th className="py-1 pr-4 font-normal">Guesses, people</th>
                  <th className="py-1 pr-4 font-normal">Guesses to go</th>
                  <th className="py-1 font-normal">Caught more often than natural ones</th>
                </tr>
              </thead>
              <tbody>
                {operators.map((one) => (
                  <tr key={one.operator} className="border-t border-line">
                    <td className="py-1.5 pr-4">{OPERATORS[one.operator].title}</td>
                    <td className="py-1.5 pr-4 font-semibold">{VERDICT[one.verdict]}</td>
                    <td className="py-1.5 pr-4">{one.right === null ? 'None yet' : shareOf(one.right)}</td>
                    <td className="py-1.5 pr-4">
                      {formatCount(one.guesses)}, {formatCount(one.people)}
                    </td>
                    <td className="py-1.5 pr-4">
                      {one.guessesToGo === null ? 'Cannot be foreseen' : formatCount(one.guessesToGo)}
                    </td>
                    <td className="py-1.5">{caughtOf(one.detection)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </WideTable>
          <ul className="mt-3 max-w-[80ch] space-y-1 text-14">
            {operators.map(({ operator, words }) => (
              <li key={operator}>{words}</li>
            ))}
          </ul>
        </>
      )}
      {rounds.length === 0 ? null : <ValidityRounds project={project} rounds={rounds} />}
    </Panel>
  )
}

function shareOf({ value, low, high }: { value: number; low: number; high: number }): string {
  return formatPercentInterval({ estimate: value, low, high })
}

function caughtOf(detection: ValidityReport['operators'][number]['detection']): string {
  if (detection === null) return 'Not known yet'
  const { value, low, high } = detection.difference
  return formatPointsInterval({ estimate: value, low, high })
}
