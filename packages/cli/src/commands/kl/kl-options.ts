/** What `leeway kl` may be told. */
export type KlOptions = {
  readonly alpha: number
  readonly stopAlpha: number
  readonly budget?: number
  readonly target?: number
  readonly coefficient: number
  readonly horizon: number
  readonly form: 'best-of-n' | 'reinforcement'
  readonly seed: number
  readonly json?: boolean
}
