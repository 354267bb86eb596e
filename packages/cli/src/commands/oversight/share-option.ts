import { InvalidArgumentError } from 'commander'

/** A number from 0 to 1, both included. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('expected a number from 0 to 1')
  return value
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw new InvalidArgumentError('expected a whole number from 1')
  return value
}

/** Any finite number. */
export function finite(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number')
  return value
}
