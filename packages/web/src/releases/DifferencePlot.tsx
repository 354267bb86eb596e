import type { EvidencePoint } from '@leeway/core/gate/evidence'
import * as Plot from '@observablehq/plot'
import { type ReactNode, useCallback } from 'react'
import { differenceDomain } from './evidence-domain.ts'
import type { EvidenceMark, EvidencePlan } from './evidence-plan.ts'
import { thinPoints } from './evidence-point.ts'
import { PlotFigure, type PlotScales } from './PlotFigure.tsx'

/** More than the pixels of a wide screen: nothing visible is lost. */
const DRAWN_POINTS_MAX = 1500

/** Difference in failure rate with its anytime band, against the lines that decide. Worse is up. */
export function DifferencePlot({
  points,
  plan,
  marks,
  unitWord,
  overlay,
}: {
  readonly points: readonly EvidencePoint[]
  readonly plan: EvidencePlan
  readonly marks: readonly EvidenceMark[]
  readonly unitWord: string
  readonly overlay: (scales: PlotScales) => ReactNode
}) {
  const draw = useCallback(
    (width: number, height: number) => drawDifference(points, plan, marks, unitWord, width, height),
    [points, plan, marks, unitWord],
  )
  return <PlotFigure height={340} draw={draw} overlay={overlay} />
}

function drawDifference(
  points: readonly EvidencePoint[],
  plan: EvidencePlan,
  marks: readonly EvidenceMark[],
  unitWord: string,
  width: number,
  height: number,
) {
  const domain = differenceDomain(points, plan)
  const last = points.at(-1)?.n ?? 1
  const drawn = thinPoints(points, DRAWN_POINTS_MAX)
  const span = { x1: 1, x2: Math.max(last, 2) }
  const isNarrow = width < 520
  const label = {
    fontSize: 12,
    dx: 6,
    textAnchor: 'start',
    stroke: 'var(--color-surface)',
    strokeWidth: 3,
    strokeOpacity: 0.7,
  } as const
  const svg = Plot.plot({
    width,
    height,
    marginLeft: 46,
    marginRight: 12,
    marginTop: 26,
    marginBottom: 38,
    style: {
      background: 'transparent',
      color: 'var(--color-ink-2)',
      fontFamily: 'inherit',
      fontSize: '12px',
    },
    x: {
      domain: [span.x1, span.x2],
      label: `${unitWord}s, in the order they were drawn`,
      labelAnchor: 'center',
      labelArrow: false,
      // No more marks than units: there is no half a unit.
      ticks: Math.max(1, Math.min(isNarrow ? 4 : 8, last - 1)),
      tickFormat: 'd',
    },
    y: {
      domain: [domain.low, domain.high],
      label: isNarrow
        ? 'Failure rate, candidate − baseline (points)'
        : 'Failure rate of the candidate minus the baseline (percentage points)',
      labelArrow: false,
      labelOffset: 46,
      ticks: 6,
      tickFormat: pointsTick,
    },
    marks: [
      Plot.rect([span], {
        x1: 'x1',
        x2: 'x2',
        y1: domain.low,
        y2: plan.margin,
        fill: 'var(--color-promote-wash)',
      }),
      Plot.rect([span], {
        x1: 'x1',
        x2: 'x2',
        y1: plan.harmMargin,
        y2: domain.high,
        fill: 'var(--color-rollback-wash)',
      }),
      Plot.gridY({ stroke: 'var(--color-line)', strokeOpacity: 1, ticks: 6 }),
      Plot.areaY(drawn, {
        x: 'n',
        y1: 'low',
        y2: 'high',
        fill: 'var(--color-accent)',
        fillOpacity: 0.2,
        clip: true,
      }),
      Plot.lineY(drawn, {
        x: 'n',
        y: 'low',
        stroke: 'var(--color-accent)',
        strokeOpacity: 0.5,
        strokeWidth: 1,
        clip: true,
      }),
      Plot.lineY(drawn, {
        x: 'n',
        y: 'high',
        stroke: 'var(--color-accent)',
        strokeOpacity: 0.5,
        strokeWidth: 1,
        clip: true,
      }),
      Plot.ruleY([0], { stroke: 'var(--color-ink-2)', strokeWidth: 1 }),
      Plot.ruleY([plan.margin], { stroke: 'var(--color-promote)', strokeWidth: 1.5, strokeDasharray: '6 4' }),
      plan.harmMargin === plan.margin
        ? null
        : Plot.ruleY([plan.harmMargin], {
            stroke: 'var(--color-rollback)',
            strokeWidth: 1.5,
            strokeDasharray: '6 4',
          }),
      Plot.lineY(drawn, { x: 'n', y: 'estimate', stroke: 'var(--color-accent)', strokeWidth: 2, clip: true }),
      Plot.text(
        [
          isNarrow
            ? 'Band wholly above the line: roll back'
            : 'Roll back when the whole band is above the dashed line',
        ],
        {
          ...label,
          frameAnchor: 'top-left',
          dy: 8,
          fill: 'var(--color-rollback)',
        },
      ),
      Plot.text(
        [
          isNarrow
            ? 'Band wholly below the line: promote'
            : 'Promote when the whole band is below the dashed line',
        ],
        {
          ...label,
          frameAnchor: 'bottom-left',
          dy: -8,
          fill: 'var(--color-promote)',
        },
      ),
      Plot.ruleX(marks, { x: 'sequence', stroke: 'var(--color-ink)', strokeWidth: 1.25 }),
      Plot.dot(marks, {
        x: 'sequence',
        y: domain.high,
        r: 9,
        fill: (mark: EvidenceMark) => `var(--color-${mark.state})`,
        stroke: 'var(--color-surface)',
        strokeWidth: 1.5,
      }),
      Plot.text(marks, {
        x: 'sequence',
        y: domain.high,
        text: (mark: EvidenceMark) => MARK_SIGN[mark.state],
        fill: 'var(--color-surface)',
        fontSize: 12,
        fontWeight: 700,
      }),
    ],
  })
  return svg as SVGSVGElement & Plot.Plot
}

const MARK_SIGN = { promote: '↑', hold: 'II', rollback: '↓', unhealthy: '!' } as const

function pointsTick(value: number): string {
  const points = Math.round(value * 1000) / 10
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0'
}
