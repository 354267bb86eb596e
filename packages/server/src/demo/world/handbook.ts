/**
 * The rules of the simulated shop. The trusted outcome applies them; the tool `get_policy_article` hands them to
 * whoever asks. Policies carry their own, simpler memory of them and may be wrong.
 */
export const HANDBOOK = {
  returnDaysMax: 30,
  /** Goods that came damaged may come back for longer than other goods. */
  damagedReturnDaysMax: 60,
  /** A refund above this is a person's decision. */
  refundCentsMax: 30_000,
  /** Clearance goods may be exchanged, but no money goes back. */
  clearanceRefundable: false,
} as const

export const ARTICLE_TOPICS = ['returns', 'refund-limit', 'cancellation', 'delivery'] as const
export type ArticleTopic = (typeof ARTICLE_TOPICS)[number]

export type Article = {
  readonly title: string
  readonly text: string
  readonly rules: Readonly<Record<string, number | boolean>>
}

export const ARTICLES: Readonly<Record<ArticleTopic, Article>> = {
  returns: {
    title: 'Returns and exchanges',
    text: 'Goods may come back within 30 days of delivery, damaged goods within 60. Clearance goods may be exchanged but are not refunded. A refund is what was paid, after any discount. Once an exchange is open, its order is locked.',
    rules: {
      returnDaysMax: HANDBOOK.returnDaysMax,
      damagedReturnDaysMax: HANDBOOK.damagedReturnDaysMax,
      clearanceRefundable: HANDBOOK.clearanceRefundable,
    },
  },
  'refund-limit': {
    title: 'Refunds that need a person',
    text: 'A refund of more than 300 euros is decided by a person. Escalate it and do not pay it.',
    rules: { refundCentsMax: HANDBOOK.refundCentsMax },
  },
  cancellation: {
    title: 'Cancelling an order',
    text: 'Only a pending order can be cancelled. A cancelled order cannot be brought back.',
    rules: { pendingOnly: true },
  },
  delivery: {
    title: 'Changing where an order goes',
    text: 'The address of a pending order can be changed. Once it has been dispatched, a person must ask the carrier: escalate.',
    rules: { pendingOnly: true },
  },
}

/** Whether the shop takes an item back for money or for another variant. Days are since delivery. */
export function takesBack(
  item: { readonly clearance: boolean },
  reason: 'unwanted' | 'damaged',
  daysSinceDelivery: number,
  act: 'refund' | 'exchange',
): boolean {
  const daysMax = reason === 'damaged' ? HANDBOOK.damagedReturnDaysMax : HANDBOOK.returnDaysMax
  if (daysSinceDelivery > daysMax) return false
  return act === 'exchange' || !item.clearance
}
