import { InvalidArgumentError } from 'commander'

/** Parses a number in [low, high), or (low, high) with 'above'. */
export function numberBetween(low: number, high: number, edge?: 'above') {
  return (text: string): number => {
    const value = Number(text)
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < low ||
      (edge === 'above' && value === low) ||
      value >= high
    ) {
      throw new InvalidArgumentError(
        `expected a number ${edge === 'above' ? 'above' : 'from'} ${low} and below ${high}`,
      )
    }
    return value
  }
}
