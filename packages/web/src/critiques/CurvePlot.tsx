import type { OperatingPointView } from '@leeway/contract/critiques'
import * as Plot from '@observablehq/plot'
import { useCallback } from 'react'
import { formatPercent } from '../numbers/format-number.ts'
import { PlotFigure } from '../releases/PlotFigure.tsx'
import { shownWords } from './critique-words.ts'

type Place = { readonly x: number; readonly y: number }

/** Recall to the right, precision up: the choices that no other beats, and the one that is made, with its intervals. */
export function CurvePlot({
  best,
  chosen,
}: {
  readonly best: readonly OperatingPointView[]
  readonly chosen: OperatingPointView | undefined
}) {
  const draw = useCallback(
    (width: number, height: number) => drawCurve(best, chosen, width, height),
    [best, chosen],
  )
  return <PlotFigure height={280} draw={draw} />
}

function drawCurve(
  best: readonly OperatingPointView[],
  chosen: OperatingPointView | undefined,
  width: number,
  height: number,
) {
  const places = best.flatMap((point) => placeOf(point) ?? []).sort((a, b) => a.x - b.x)
  const at = chosen === undefined ? null : placeOf(chosen)
  const isNarrow = width < 520
  const label = { stroke: 'var(--color-surface)', strokeWidth: 4, fontSize: 12 } as const
  const svg = Plot.plot({
    width,
    height,
    marginLeft: 46,
    marginRight: 16,
    marginTop: 26,
    marginBottom: 38,
    style: {
      background: 'transparent',
      color: 'var(--color-ink-2)',
      fontFamily: 'inherit',
      fontSize: '12px',
    },
    x: {
      domain: [0, 1],
      label: isNarrow ? 'of those that hold, shown' : 'of the claims that hold, those that are shown',
      labelAnchor: 'center',
      labelArrow: false,
      ticks: 5,
      tickFormat: formatPercent,
    },
    y: {
      domain: [0, 1],
      label: 'of the claims shown, those that hold',
      labelArrow: false,
      labelOffset: 46,
      ticks: 5,
      tickFormat: formatPercent,
    },
    marks: [
      Plot.gridY({ stroke: 'var(--color-line)', strokeOpacity: 1, ticks: 5 }),
      Plot.line(places, { x: 'x', y: 'y', stroke: 'var(--color-line-strong)', strokeWidth: 1.5 }),
      Plot.dot(places, {
        x: 'x',
        y: 'y',
        r: 3.5,
        fill: 'var(--color-surface)',
        stroke: 'var(--color-ink-2)',
        strokeWidth: 1.5,
      }),
      ...(chosen === undefined || at === null
        ? []
        : [
            Plot.ruleY([at], {
              y: 'y',
              x1: () => chosen.recall?.low ?? 0,
              x2: () => chosen.recall?.high ?? 1,
              stroke: 'var(--color-accent)',
              strokeWidth: 2,
            }),
            Plot.ruleX([at], {
              x: 'x',
              y1: () => chosen.precision?.low ?? 0,
              y2: () => chosen.precision?.high ?? 1,
              stroke: 'var(--color-accent)',
              strokeWidth: 2,
            }),
            Plot.dot([at], { x: 'x', y: 'y', r: 6, fill: 'var(--color-accent)' }),
            Plot.text([at], {
              ...label,
              x: 'x',
              y: 'y',
              text: () => shownWords(chosen),
              fill: 'var(--color-ink)',
              dx: at.x > 0.5 ? -12 : 12,
              dy: -14,
              textAnchor: at.x > 0.5 ? 'end' : 'start',
            }),
          ]),
    ],
  })
  return svg as SVGSVGElement & Plot.Plot
}

const placeOf = ({ recall, precision }: OperatingPointView): Place | null =>
  recall === null || precision === null ? null : { x: recall.share, y: precision.share }
