import type { EvidencePoint } from '@leeway/core/gate/evidence'
import { useState } from 'react'
import { DifferencePlot } from './DifferencePlot.tsx'
import { EValuePlot } from './EValuePlot.tsx'
import { EvidenceReading } from './EvidenceReading.tsx'
import { EvidenceTable } from './EvidenceTable.tsx'
import type { EvidenceMark, EvidencePlan } from './evidence-plan.ts'
import { nearestIndex } from './evidence-point.ts'
import type { PlotScales } from './PlotFigure.tsx'

/**
 * The evidence of one stage: the difference with its band, the two e-values beneath it, one cursor through both,
 * and the same numbers as a table.
 */
export function EvidenceChart({
  points,
  plan,
  marks,
  unitWord,
}: {
  readonly points: readonly EvidencePoint[]
  readonly plan: EvidencePlan
  readonly marks: readonly EvidenceMark[]
  /** "pair", "block": what one step along the axis is. */
  readonly unitWord: string
}) {
  const [chosen, setChosen] = useState<number | null>(null)
  const index = Math.min(chosen ?? points.length - 1, points.length - 1)
  const point = points[index]
  if (point === undefined) return null
  const move = (to: number) => setChosen(Math.max(0, Math.min(points.length - 1, to)))
  const cursor = (scales: PlotScales) => (
    <Cursor
      scales={scales}
      point={chosen === null ? null : point}
      onPoint={(sequence) => setChosen(nearestIndex(points, sequence) ?? null)}
    />
  )
  return (
    <div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`Cursor of the evidence chart, one step a ${unitWord}`}
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={index}
        aria-valuetext={readingWords(point, unitWord)}
        className="rounded-md"
        onPointerLeave={() => setChosen(null)}
        onKeyDown={(event) => {
          const stride = event.shiftKey ? 10 : 1
          if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') move(index - stride)
          else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') move(index + stride)
          else if (event.key === 'PageDown') move(index - 10)
          else if (event.key === 'PageUp') move(index + 10)
          else if (event.key === 'Home') move(0)
          else if (event.key === 'End') setChosen(null)
          else return
          event.preventDefault()
        }}
      >
        <DifferencePlot points={points} plan={plan} marks={marks} unitWord={unitWord} overlay={cursor} />
        <div className="mt-2">
          <EValuePlot points={points} plan={plan} overlay={cursor} />
        </div>
      </div>
      <EvidenceReading point={point} plan={plan} unitWord={unitWord} isLatest={index === points.length - 1} />
      <EvidenceTable points={points} unitWord={unitWord} />
    </div>
  )
}

function Cursor({
  scales,
  point,
  onPoint,
}: {
  readonly scales: PlotScales
  /** Null while nobody asks for one. */
  readonly point: EvidencePoint | null
  readonly onPoint: (sequence: number) => void
}) {
  const x = point === null ? null : scales.x(point.n)
  return (
    <svg
      aria-hidden="true"
      width={scales.width}
      height={scales.height}
      className="absolute inset-0 touch-pan-y"
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        onPoint(scales.invertX(event.clientX - box.left))
      }}
    >
      <rect width={scales.width} height={scales.height} fill="transparent" />
      {x === null ? null : (
        <line
          x1={x}
          x2={x}
          y1={scales.frame.top}
          y2={scales.frame.bottom}
          stroke="var(--color-ink)"
          strokeWidth="1"
          strokeDasharray="2 2"
        />
      )}
    </svg>
  )
}

function readingWords(point: EvidencePoint, unitWord: string): string {
  const percent = (value: number) => Math.round(value * 1000) / 10
  return `${unitWord} ${point.n}: difference ${percent(point.estimate)} points, from ${percent(point.low)} to ${percent(point.high)}`
}
