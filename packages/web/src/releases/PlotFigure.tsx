import type { Plot } from '@observablehq/plot'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWidth } from './use-width.ts'

export type PlotScales = {
  readonly width: number
  readonly height: number
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  /** Back from pixels to the axis. */
  readonly invertX: (pixel: number) => number
  readonly frame: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
}

/** Draws a plot at the width it is given, with an overlay of ours in the same coordinates. */
export function PlotFigure({
  height,
  draw,
  overlay,
}: {
  readonly height: number
  /** Must be stable: a new function draws anew. */
  readonly draw: (width: number, height: number) => SVGSVGElement & Plot
  readonly overlay?: (scales: PlotScales) => ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [scales, setScales] = useState<PlotScales | null>(null)
  useEffect(() => {
    if (width < 40 || host.current === null) return
    const svg = draw(width, height)
    // The page's content policy forbids inline style sheets; ours has what this one would say.
    for (const style of svg.querySelectorAll('style')) style.remove()
    svg.setAttribute('aria-hidden', 'true')
    host.current.replaceChildren(svg)
    setScales(readScales(svg, width, height))
  }, [draw, width, height])
  return (
    <div ref={box} className="relative" style={{ minHeight: height }}>
      <div ref={host} />
      {scales === null ? null : overlay?.(scales)}
    </div>
  )
}

function readScales(svg: SVGSVGElement & Plot, width: number, height: number): PlotScales | null {
  const x = svg.scale('x')
  const y = svg.scale('y')
  const [left, right] = (x?.range ?? []) as number[]
  const [bottom, top] = (y?.range ?? []) as number[]
  if (x === undefined || y === undefined || left === undefined || right === undefined) return null
  if (bottom === undefined || top === undefined) return null
  return {
    width,
    height,
    x: (value) => x.apply(value),
    y: (value) => y.apply(value),
    invertX: (pixel) => x.invert?.(pixel) ?? 0,
    frame: { left, right, top, bottom },
  }
}
