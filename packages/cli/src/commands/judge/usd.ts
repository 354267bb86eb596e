/** Answers cost fractions of a cent: small amounts keep two digits that say something. */
export function usd(amount: number): string {
  if (amount === 0) return '$0'
  return amount < 0.01 ? `$${amount.toPrecision(2)}` : `$${amount.toFixed(amount < 1 ? 3 : 2)}`
}
