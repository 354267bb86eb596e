import type { EvidencePoint } from '@leeway/core/gate/evidence'
import * as Plot from '@observablehq/plot'
import { type ReactNode, useCallback } from 'react'
import { formatCount, formatEValue } from '../numbers/format-number.ts'
import { logEDomain } from './evidence-domain.ts'
import type { EvidencePlan } from './evidence-plan.ts'
import { thinPoints } from './evidence-point.ts'
import { PlotFigure, type PlotScales } from './PlotFigure.tsx'

/** The two e-values against the line they must reach, on a logarithmic scale. */
export function EValuePlot({
  points,
  plan,
  overlay,
}: {
  readonly points: readonly EvidencePoint[]
  readonly plan: Pick<EvidencePlan, 'threshold' | 'rollbackThreshold'>
  readonly overlay: (scales: PlotScales) => ReactNode
}) {
  const draw = useCallback(
    (width: number, height: number) => drawEValues(points, plan, width, height),
    [points, plan],
  )
  return <PlotFigure height={160} draw={draw} overlay={overlay} />
}

function drawEValues(
  points: readonly EvidencePoint[],
  plan: Pick<EvidencePlan, 'threshold' | 'rollbackThreshold'>,
  width: number,
  height: number,
) {
  const lines = { promote: Math.log(plan.threshold), rollback: Math.log(plan.rollbackThreshold) }
  const threshold = Math.max(lines.promote, lines.rollback)
  const isOneLine = Math.abs(lines.promote - lines.rollback) < 0.01
  const domain = logEDomain(points, threshold)
  const last = points.at(-1)
  const drawn = thinPoints(points, 1500)
  const end = { x: last?.n ?? 1, textAnchor: 'end', dx: -4, fontSize: 12, fontWeight: 600 } as const
  const isPromoteAbove = (last?.logPromote ?? 0) >= (last?.logRollback ?? 0)
  const clamp = (value: number) => Math.max(domain.low, Math.min(domain.high, value))
  const svg = Plot.plot({
    width,
    height,
    marginLeft: 46,
    marginRight: 12,
    marginTop: 24,
    marginBottom: 20,
    style: {
      background: 'transparent',
      color: 'var(--color-ink-2)',
      fontFamily: 'inherit',
      fontSize: '12px',
    },
    x: { domain: [1, Math.max(last?.n ?? 2, 2)], axis: null },
    y: {
      domain: [domain.low, domain.high],
      label: isOneLine
        ? `Weight of the evidence (e-value); ${formatEValue(threshold)} is enough`
        : `${width < 520 ? 'E-value' : 'Weight of the evidence (e-value)'}: ${formatEValue(lines.promote)} is enough to promote, ${formatEValue(lines.rollback)} to roll back`,
      labelArrow: false,
      labelOffset: 46,
      ticks: eValueTicks(
        domain,
        Math.abs(lines.promote - lines.rollback) < 1 ? [threshold] : [lines.promote, lines.rollback],
      ),
      tickFormat: eValueTick,
      grid: false,
    },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--color-line-strong)' }),
      Plot.ruleY([lines.promote], {
        stroke: isOneLine ? 'var(--color-ink)' : 'var(--color-promote)',
        strokeDasharray: '6 4',
      }),
      isOneLine
        ? null
        : Plot.ruleY([lines.rollback], { stroke: 'var(--color-rollback)', strokeDasharray: '6 4' }),
      Plot.lineY(drawn, {
        x: 'n',
        y: 'logPromote',
        stroke: 'var(--color-promote)',
        strokeWidth: 2,
        clip: true,
      }),
      Plot.lineY(drawn, {
        x: 'n',
        y: 'logRollback',
        stroke: 'var(--color-rollback)',
        strokeWidth: 2,
        strokeDasharray: '3 3',
        clip: true,
      }),
      Plot.text(['promote'], {
        ...end,
        y: clamp(last?.logPromote ?? 0),
        dy: isPromoteAbove ? -9 : 11,
        fill: 'var(--color-promote)',
      }),
      Plot.text(['rollback'], {
        ...end,
        y: clamp(last?.logRollback ?? 0),
        dy: isPromoteAbove ? 11 : -9,
        fill: 'var(--color-rollback)',
      }),
    ],
  })
  return svg as SVGSVGElement & Plot.Plot
}

function eValueTicks(
  domain: { readonly low: number; readonly high: number },
  lines: readonly number[],
): number[] {
  const powers = [-4, -2, 0, 4, 8, 16].map((power) => power * Math.LN10)
  const clear = powers.filter((log) => lines.every((line) => Math.abs(log - line) > 1.2))
  return [...clear, ...lines].filter((log) => log >= domain.low && log <= domain.high)
}

function eValueTick(logE: number): string {
  const power = Math.round(logE / Math.LN10)
  if (logE < 0) return `1/${formatCount(Math.round(Math.exp(-logE)))}`
  return power > 6 ? `10${superscript(power)}` : formatCount(Math.round(Math.exp(logE)))
}

function superscript(power: number): string {
  return String(power).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit)
}
