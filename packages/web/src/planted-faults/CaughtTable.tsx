import type { PlantedReport } from '@leeway/contract/planted-faults'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { Link } from '@tanstack/react-router'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatPercentInterval } from '../numbers/format-number.ts'

/** How many planted faults were caught, by fault and by rater. */
export function CaughtTable({
  project,
  report,
}: {
  readonly project: string
  readonly report: PlantedReport
}) {
  if (report.raters.length === 0) return null
  return (
    <Panel title="Caught">
      <div className="max-w-[80ch] space-y-2 text-14">
        {report.words.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <WideTable label="Caught, by fault and by rater" className="mt-3">
        <table className="figures w-full text-14">
          <thead>
            <tr className="text-left text-ink-2">
              <th className="py-1 pr-4 font-normal">Fault or rater</th>
              <th className="py-1 pr-4 font-normal">Caught</th>
              <th className="py-1 pr-4 font-normal">Share, with its 95 % interval</th>
              <th className="py-1 font-normal">Missed faster than others read</th>
            </tr>
          </thead>
          <tbody>
            {report.operators.map(({ operator, detection }) => (
              <tr key={operator} className="border-t border-line">
                <td className="py-1.5 pr-4">{OPERATORS[operator].title}</td>
                <Figures {...detection} />
                <td />
              </tr>
            ))}
            {report.raters.map(({ raterId, name, detection, rubberStamp }) => (
              <tr key={raterId} className="border-t border-line">
                <td className="py-1.5 pr-4">
                  <Link to="/p/$project/raters/$raterId" params={{ project, raterId }} className="link">
                    <bdi>{name}</bdi>
                  </Link>
                </td>
                <Figures {...detection} />
                <td className="py-1.5">
                  {rubberStamp.fastMisses} of {detection.answers}
                  {rubberStamp.verdict === 'rubber-stamping'
                    ? '. Answers without reading: talk to them, a pause may be all it takes.'
                    : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </Panel>
  )
}

function Figures({
  caught,
  answers,
  low,
  high,
}: {
  readonly caught: number
  readonly answers: number
  readonly low: number
  readonly high: number
}) {
  return (
    <>
      <td className="py-1.5 pr-4">
        {caught} of {answers}
      </td>
      <td className="py-1.5 pr-4">
        {formatPercentInterval({ estimate: answers === 0 ? 0 : caught / answers, low, high })}
      </td>
    </>
  )
}
