/** Trusts, distrusts or suspends a rater. A new row; the newest holds. */
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { findRater, isTrusted, type RaterRow, type RaterTier } from './stored-raters.ts'
import { raterTiers } from './tables.ts'

export async function setTier(
  effects: Effects,
  wanted: {
    readonly projectId: string
    readonly raterId: string
    readonly tier: RaterTier
    readonly reason: string
    readonly actor: string
  },
): Promise<RaterRow> {
  return effects.db.transaction(async (tx) => {
    const { projectId, raterId, tier, reason, actor } = wanted
    const rater = await findRater(tx, projectId, raterId)
    if (rater === undefined)
      throw new AppError(
        'not_found',
        'There is no such rater in this project.',
        'List the raters to find it.',
      )
    if (isTrusted(tier) && rater.kind !== 'human')
      throw new AppError(
        'unprocessable',
        `"${rater.name}" is a ${rater.kind}: only people are trusted as the truth of a gate.`,
        'Leave it as it is: its answers count in estimates by how good they are.',
        { field: 'tier' },
      )
    const at = effects.now()
    await tx.insert(raterTiers).values({ projectId, raterId, id: effects.newId(), tier, reason, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'rater.tier_set',
      body: { rater: raterId, tier },
    })
    return rater
  })
}
