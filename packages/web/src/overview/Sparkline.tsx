import { type SparklinePoint, sparklinePaths } from './sparkline-path.ts'

/** The difference and its band, the size of a word. The sentence beside it says what it means. */
export function Sparkline({
  points,
  margin,
  words,
}: {
  readonly points: readonly SparklinePoint[]
  readonly margin: number
  /** What the picture shows, for those who do not see it. */
  readonly words: string
}) {
  const box = { width: 160, height: 40 }
  const paths = sparklinePaths(points, margin, box)
  return (
    <svg
      role="img"
      aria-label={words}
      width={box.width}
      height={box.height}
      viewBox={`0 0 ${box.width} ${box.height}`}
      className="max-w-full overflow-visible"
      fill="none"
    >
      <title>{words}</title>
      <path d={`M0 ${paths.zeroY}H${box.width}`} stroke="var(--color-line-strong)" strokeWidth="1" />
      <path
        d={`M0 ${paths.marginY}H${box.width}`}
        stroke="var(--color-line-strong)"
        strokeWidth="1"
        strokeDasharray="3 3"
      />
      <path d={paths.band} fill="var(--color-accent)" fillOpacity="0.22" />
      <path d={paths.line} stroke="var(--color-accent)" strokeWidth="1.75" strokeLinejoin="round" />
    </svg>
  )
}
