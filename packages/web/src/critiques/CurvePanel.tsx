import type { CritiqueReport } from '@leeway/contract/critiques'
import { bestPoints, cheapestPoint } from '@leeway/core/critiques/operating-point'
import { CurvePlot } from './CurvePlot.tsx'
import { pointWords, shownWords } from './critique-words.ts'

/** What showing more or fewer claims does, as it was measured, and the choice that the cost of a missed flaw makes. */
export function CurvePanel({
  curve,
  rules,
  missedCost,
}: {
  readonly curve: CritiqueReport['curve']
  readonly rules: CritiqueReport['rules']
  /** As the knob stands. */
  readonly missedCost: number
}) {
  if (curve.judged < curve.needed)
    return (
      <p className="figures mt-3 max-w-[75ch] text-14 text-ink-2">
        Which claims are worth showing is not known yet, so all are shown. It needs {curve.needed} claims that
        vetted people or experts have judged, out of critiques that were shown whole; there are {curve.judged}
        .
      </p>
    )
  const best = bestPoints(curve.points)
  const chosen = cheapestPoint(curve.points, missedCost)
  const differs =
    rules !== null &&
    chosen !== undefined &&
    shownWords(chosen) !== shownWords({ severity: rules.shownFrom, most: rules.most })
  return (
    <section aria-label="What showing more or fewer claims does" className="mt-4">
      <div className="max-w-2xl">
        <CurvePlot best={best} chosen={chosen} />
      </div>
      {chosen === undefined ? null : (
        <p className="figures mt-2 max-w-[75ch] text-14" aria-live="polite">
          {pointWords(chosen)}
        </p>
      )}
      {differs && missedCost === rules.missedCost ? (
        <p className="mt-1 max-w-[75ch] text-14 text-ink-2">
          That is what would be chosen now. In force is what was chosen when it was last set:{' '}
          {shownWords({ severity: rules.shownFrom, most: rules.most })}. Save it anew to take the new choice.
        </p>
      ) : null}
      <details className="mt-2">
        <summary className="cursor-pointer text-12 text-ink-2">All choices, in words</summary>
        <ul className="figures mt-1 max-w-[80ch] space-y-1 text-14 text-ink-2">
          {best.map((point) => (
            <li key={`${point.severity} ${point.most}`}>{pointWords(point)}</li>
          ))}
        </ul>
      </details>
      <p className="mt-2 max-w-[75ch] text-12 text-ink-2">
        From {curve.judged} claims that vetted people and experts judged in critiques shown whole. Flaws that
        no critic names are in none of this. One critique in ten stays whole, so that it can be measured
        again.
      </p>
    </section>
  )
}
