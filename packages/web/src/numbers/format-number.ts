/**
 * Numbers as people read them: with a unit, and with an interval where there is one.
 *
 * Every function takes finite numbers. Absence is the caller's business: there is no way to print "unknown" here.
 */

const NBSP = '\u00a0'
const MINUS = '\u2212'

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 1900 → "1,900". */
export function formatCount(count: number): string {
  return signed(counts.format(Math.abs(count)), count)
}

/** 1, "episode" → "1 episode"; 1900 → "1,900 episodes". */
export function formatCountOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)}${NBSP}${count === 1 ? singular : plural}`
}

/** A share in [0, 1] as percent: 0.3 → "30 %", 0.005 → "0.5 %". */
export function formatPercent(share: number): string {
  return `${percentDigits(share)}${NBSP}%`
}

/** A share with its interval: "30 % (21 to 40)". */
export function formatPercentInterval(share: Interval): string {
  return `${formatPercent(share.estimate)} (${percentDigits(share.low)}${NBSP}to${NBSP}${percentDigits(share.high)})`
}

/** A difference of shares in percentage points, signed: 0.05 → "+5 points". */
export function formatPoints(difference: number): string {
  const digits = percentDigits(difference)
  const unit = digits === '1' || digits === `${MINUS}1` ? 'point' : 'points'
  return `${plus(difference, digits)}${NBSP}${unit}`
}

/** A difference with its interval: "+5 points (−2 to +12)". */
export function formatPointsInterval(difference: Interval): string {
  const side = (value: number) => plus(value, percentDigits(value))
  return `${formatPoints(difference.estimate)} (${side(difference.low)}${NBSP}to${NBSP}${side(difference.high)})`
}

/** Milliseconds: "< 1 ms", "340 ms", "1.2 s", "2 min 5 s", "6 h 10 min", "3 days". */
export function formatDuration(ms: number): string {
  if (ms < 1) return `<${NBSP}1${NBSP}ms`
  if (ms < 1000) return `${Math.round(ms)}${NBSP}ms`
  if (ms < 59_950) return `${trimZero((ms / 1000).toFixed(ms < 9_950 ? 1 : 0))}${NBSP}s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's')
  if (seconds < 48 * 3600) return twoUnits(Math.round(seconds / 60), 60, 'h', 'min')
  return formatCountOf(Math.round(seconds / 86_400), 'day')
}

/** Bytes: "512 B", "1.5 MB" (decimal). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : trimZero(value.toFixed(1))}${NBSP}${units[unit]}`
}

/**
 * An e-value from its natural logarithm, as odds against the claim tested: "4.2", "1,200", "over a million".
 * Large ones are not printed in full: nobody acts differently on 10^9 and 10^12.
 */
export function formatEValue(logE: number): string {
  if (logE > Math.log(1e6)) return 'over a million'
  if (logE < Math.log(0.01)) return 'under 0.01'
  const e = Math.exp(logE)
  if (e >= 99.5) return formatCount(Math.round(e))
  return trimZero(e.toFixed(e >= 9.95 ? 0 : e >= 0.995 ? 1 : 2))
}

type Interval = { readonly estimate: number; readonly low: number; readonly high: number }

function percentDigits(share: number): string {
  const percent = Math.abs(share * 100)
  const digits = percent !== 0 && percent < 9.95 && Math.abs(percent - Math.round(percent)) > 0.049 ? 1 : 0
  const text = trimZero(percent.toFixed(digits))
  return text === '0' ? '0' : signed(text, share)
}

function plus(value: number, digits: string): string {
  return value > 0 && digits !== '0' ? `+${digits}` : digits
}

function signed(digits: string, value: number): string {
  return value < 0 ? `${MINUS}${digits}` : digits
}

function trimZero(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

function twoUnits(total: number, per: number, big: string, small: string): string {
  const rest = total % per
  const head = `${Math.floor(total / per)}${NBSP}${big}`
  return rest === 0 ? head : `${head} ${rest}${NBSP}${small}`
}
