import { formatDuration } from '../numbers/format-number.ts'

/** "4 min 20 s left", "no time left". Whole seconds, rounded down: nobody is promised more than there is. */
export function timeLeftWords(expiresAt: string, now: number): string {
  const seconds = Math.floor((Date.parse(expiresAt) - now) / 1_000)
  return seconds < 1 ? 'no time left' : `${formatDuration(seconds * 1_000)} left`
}
