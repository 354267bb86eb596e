/**
 * Log likelihood of one comparison and its derivatives in d (rating of left minus right plus features) and eta (log of
 * the tie strength).
 *
 * Half      P(left) = 1 / (1 + exp(-d)); a tie is half a win each way. eta is not used.
 * Davidson  weights exp(d/2), exp(-d/2), exp(eta) of left, right and tie.
 * Stable    for |d| and |eta| of any size: the largest exponent is taken out first.
 */
export type TieModel = 'half' | 'davidson'

export type Derivatives = {
  value: number
  /** First derivatives. */
  d: number
  eta: number
  /** Minus the second derivatives: never negative on the diagonal. */
  dd: number
  dEta: number
  etaEta: number
}

/** Writes into `out`, so that a million rows make no garbage. */
export function differentiate(
  out: Derivatives,
  model: TieModel,
  outcome: number,
  d: number,
  eta: number,
): void {
  if (model === 'half') {
    const tail = Math.exp(-Math.abs(d))
    const win = d >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
    out.value = outcome * d - (Math.max(d, 0) + Math.log1p(tail))
    out.d = outcome - win
    out.dd = tail / (1 + tail) ** 2
    out.eta = out.dEta = out.etaEta = 0
    return
  }
  const top = Math.max(Math.abs(d) / 2, eta)
  const left = Math.exp(d / 2 - top)
  const right = Math.exp(-d / 2 - top)
  const tie = Math.exp(eta - top)
  const sum = left + right + tie
  const lean = (left - right) / (2 * sum)
  const tied = tie / sum
  out.value = (outcome === 0.5 ? eta : (outcome - 0.5) * d) - top - Math.log(sum)
  out.d = outcome - 0.5 - lean
  out.eta = (outcome === 0.5 ? 1 : 0) - tied
  out.dd = (left + right) / (4 * sum) - lean * lean
  out.dEta = -lean * tied
  out.etaEta = tied * (1 - tied)
}

export function emptyDerivatives(): Derivatives {
  return { value: 0, d: 0, eta: 0, dd: 0, dEta: 0, etaEta: 0 }
}
