/**
 * Adaptive KL penalty: the coefficient rises while the policy is farther from its anchor than the target, and falls while
 * it is nearer.
 *
 * Rule        error = clip(kl / target - 1, -0.2, 0.2); coefficient * (1 + error * episodes / horizon).
 * Limits      steps longer than the horizon count as the horizon, so that one late report cannot turn the sign.
 * Degenerate  throws where target, horizon or coefficient is not above 0, or kl is not finite.
 * Source      Ziegler et al. 2019 (arXiv 1909.08593, section 2.2).
 */
export type KlController = {
  /** Penalty per nat; above 0. */
  readonly coefficient: number
  /** Nats per episode. */
  readonly target: number
  /** Episodes over which a full error changes the coefficient by a fifth. */
  readonly horizon: number
}

const ERROR_MAX = 0.2

export function adaptKlController(controller: KlController, kl: number, episodes: number): KlController {
  const { coefficient, target, horizon } = controller
  if (!(coefficient > 0 && target > 0 && horizon > 0 && Number.isFinite(kl) && episodes >= 0))
    throw new RangeError('the controller needs a coefficient, a target and a horizon above 0 and a finite KL')
  const error = Math.min(ERROR_MAX, Math.max(-ERROR_MAX, kl / target - 1))
  return { ...controller, coefficient: coefficient * (1 + (error * Math.min(episodes, horizon)) / horizon) }
}
