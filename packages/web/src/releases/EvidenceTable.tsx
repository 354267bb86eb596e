import type { EvidencePoint } from '@leeway/core/gate/evidence'
import { formatCount, formatEValue, formatPoints } from '../numbers/format-number.ts'
import { thinPoints } from './evidence-point.ts'

const ROWS_MAX = 200

/** The chart as a table, for screen readers and for copying. */
export function EvidenceTable({
  points,
  unitWord,
}: {
  readonly points: readonly EvidencePoint[]
  readonly unitWord: string
}) {
  const rows = thinPoints(points, ROWS_MAX)
  const head = 'px-2 py-1.5 text-end font-semibold'
  const cell = 'px-2 py-1 text-end'
  return (
    <details className="mt-3">
      <summary className="link inline-block text-12">The same as a table</summary>
      {rows.length === points.length ? null : (
        <p className="mt-2 text-12 text-ink-2">
          {formatCount(rows.length)} of {formatCount(points.length)} rows, evenly spaced.
        </p>
      )}
      <section
        aria-label="Evidence as a table"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="mt-2 max-h-80 overflow-auto rounded-md border border-line"
      >
        <table className="w-full text-12">
          <thead className="sticky top-0 bg-sunken text-ink-2">
            <tr>
              <th className={head}>{unitWord}</th>
              <th className={head}>Difference</th>
              <th className={head}>From</th>
              <th className={head}>To</th>
              <th className={head}>e promote</th>
              <th className={head}>e rollback</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((point) => (
              <tr key={point.n}>
                <td className={cell}>{formatCount(point.n)}</td>
                <td className={cell}>{formatPoints(point.estimate)}</td>
                <td className={cell}>{formatPoints(point.low)}</td>
                <td className={cell}>{formatPoints(point.high)}</td>
                <td className={cell}>{formatEValue(point.logPromote)}</td>
                <td className={cell}>{formatEValue(point.logRollback)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
