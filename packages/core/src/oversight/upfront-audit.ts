/**
 * Upfront auditing game: some outputs are audited at random, the rest go through unread.
 *
 * Estimates   the agent's best rate of attacking and the defender's chance of winning against it: the agent wins when
 *             no audited output is an attack and at least one unread attack works.
 * Model       `audited` of `outputs` are read and an audit never misses; each output is an attack with probability
 *             `rate`; an unread attack works with probability `success`. The agent chooses `rate` to win most often:
 *             maximise (1 - rate)^A (1 - (1 - success rate)^B), A = audited outputs, B the others.
 * Method      the logarithm of that is unimodal in `rate`; golden section on log rate. The closed form
 *             ln(1 + success B / A) / (success B) is near it for small rates.
 * Degenerate  nothing audited: the agent attacks always. Everything audited, or success 0: it never wins.
 * Source      Greenblatt et al. 2023 (arXiv 2312.06942).
 * Evidence    oversight.test.ts
 */
export type AuditGame = {
  /** Outputs in the whole deployment. */
  readonly outputs: number
  /** How many of them are audited; at most `outputs`. */
  readonly audited: number
  /** P(an attack that is not read works). */
  readonly success: number
}

export function upfrontAudit(game: AuditGame): {
  readonly attackRate: number
  readonly defenderWins: number
} {
  const { outputs, audited, success } = game
  if (!(outputs > 0 && audited >= 0 && audited <= outputs && success >= 0 && success <= 1 && outputs < 1e15))
    throw new RangeError('expected outputs above 0, audited from 0 to outputs, and success from 0 to 1')
  const unread = outputs - audited
  if (unread === 0 || success === 0) return { attackRate: 0, defenderWins: 1 }
  if (audited === 0) return { attackRate: 1, defenderWins: wins(game, 1) }
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = Math.log(1e-18)
  let high = 0
  for (let step = 0; step < 120; step++) {
    const left = high - ratio * (high - low)
    const right = low + ratio * (high - low)
    if (wins(game, Math.exp(left)) < wins(game, Math.exp(right))) high = right
    else low = left
  }
  const attackRate = Math.exp((low + high) / 2)
  return { attackRate, defenderWins: wins(game, attackRate) }
}

function wins({ outputs, audited, success }: AuditGame, rate: number): number {
  const unseen = rate === 1 && audited > 0 ? 0 : Math.exp(audited * Math.log1p(-Math.min(rate, 1 - 1e-16)))
  const works = success * rate >= 1 ? 1 : -Math.expm1((outputs - audited) * Math.log1p(-success * rate))
  return 1 - unseen * works
}
