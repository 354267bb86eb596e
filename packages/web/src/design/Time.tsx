/** An instant: local time to read, UTC on hover and for machines. */

export function Time({
  at,
  style = 'short',
}: {
  readonly at: string
  readonly style?: 'short' | 'long' | 'ago'
}) {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <span>at an unknown time</span>
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return (
    <time dateTime={at} title={utc} className="whitespace-nowrap">
      {style === 'ago'
        ? agoWords(date.getTime(), Date.now())
        : (style === 'long' ? long : short).format(date)}
    </time>
  )
}

/** "just now", "4 min ago", "3 h ago", "5 days ago", or "in 4 min". Months and years are better read as dates. */
export function agoWords(at: number, now: number): string {
  const seconds = Math.round(Math.abs(now - at) / 1000)
  const [count, unit] =
    seconds < 3600
      ? [Math.round(seconds / 60), 'min']
      : seconds < 48 * 3600
        ? [Math.round(seconds / 3600), 'h']
        : [Math.round(seconds / 86_400), 'days']
  if (count === 0) return 'just now'
  return at <= now ? `${count}\u00a0${unit} ago` : `in ${count}\u00a0${unit}`
}

const short = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const long = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
