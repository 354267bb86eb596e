import type { Json } from '@leeway/core/episodes/episode'
import type { Desk } from '../conversation.ts'
import type { Ask, Obstacle, Proposal } from '../moves.ts'
import { answerAs, type ItemView, type OrderView } from './order-view.ts'
import type { PolicyConfig } from './policy.ts'

/** What to do about one ask once order and item are known: a call to propose, an obstacle, or a person's decision. */
export type Plan =
  | {
      readonly kind: 'change'
      readonly tool: string
      readonly args: { readonly [field: string]: Json }
      readonly proposal: Proposal
      /** Whether the change shows in the order as read again. */
      readonly shows: (order: OrderView) => boolean
    }
  | { readonly kind: 'obstacle'; readonly why: Obstacle }
  | { readonly kind: 'escalate'; readonly reason: string }

export function planChange(
  desk: Desk,
  ask: Ask,
  order: OrderView,
  item: ItemView,
  config: PolicyConfig,
): Plan {
  const { orderId } = order
  const proposal: Proposal = {
    topic: ask.topic,
    act: ask.act,
    orderId,
    product: item.product,
    variant: null,
    want: null,
    address: null,
    amountCents: null,
    orderedDaysAgo: config.checks.orderDate ? order.orderedDaysAgo : null,
  }
  switch (ask.act) {
    case 'cancel':
      if (order.status !== 'pending') return { kind: 'obstacle', why: 'not-pending' }
      return {
        kind: 'change',
        tool: 'cancel_order',
        args: { orderId },
        proposal,
        shows: (read) => read.status === 'cancelled',
      }
    case 'address': {
      const address = ask.address!
      if (order.status !== 'pending') {
        return {
          kind: 'escalate',
          reason: `Redirect dispatched order ${orderId} to ${address.street}, ${address.city}.`,
        }
      }
      return {
        kind: 'change',
        tool: 'change_address',
        args: { orderId, address },
        proposal: { ...proposal, address },
        shows: (read) => read.address.street === address.street && read.address.postcode === address.postcode,
      }
    }
    case 'refund':
      return planRefund(desk, ask, order, item, proposal, config)
    case 'exchange':
      return planExchange(desk, ask, order, item, proposal, config)
    case 'status':
      throw new Error('a status question changes nothing')
  }
}

function planRefund(
  desk: Desk,
  ask: Ask,
  order: OrderView,
  item: ItemView,
  proposal: Proposal,
  config: PolicyConfig,
): Plan {
  const obstacle = returnObstacle(desk, ask, order, item, config)
  if (obstacle !== null) return { kind: 'obstacle', why: obstacle }
  const percent = config.checks.discount ? 100 - order.discountPercent : 100
  const amountCents = Math.round((item.listCents * percent) / 100)
  if (config.checks.refundLimit && amountCents > config.limits.refundCentsMax) {
    desk.think(`${amountCents} cents is above my limit of ${config.limits.refundCentsMax}. A person decides.`)
    return {
      kind: 'escalate',
      reason: `Refund of ${amountCents} cents on ${order.orderId} is above the limit.`,
    }
  }
  return {
    kind: 'change',
    tool: 'issue_refund',
    args: { orderId: order.orderId, itemIds: [item.itemId], amountCents },
    proposal: { ...proposal, variant: item.variant, amountCents },
    shows: (read) => read.refunds.some((refund) => refund.itemIds.includes(item.itemId)),
  }
}

function planExchange(
  desk: Desk,
  ask: Ask,
  order: OrderView,
  item: ItemView,
  proposal: Proposal,
  config: PolicyConfig,
): Plan {
  const obstacle = returnObstacle(desk, ask, order, item, config)
  if (obstacle !== null) return { kind: 'obstacle', why: obstacle }
  const stock = answerAs<{ variants: readonly { sku: string; label: string; stock: number }[] }>(
    desk.call('get_stock', { product: item.product }),
  )
  const others = (stock?.variants ?? []).filter((variant) => variant.sku !== item.sku)
  const label = ask.want ?? askVariant(desk, ask.topic, item.product, others, config)
  const wanted = others.find((variant) => variant.label === label)
  if (wanted === undefined) return { kind: 'obstacle', why: 'not-found' }
  if (config.checks.stock && wanted.stock === 0) return { kind: 'obstacle', why: 'out-of-stock' }
  return {
    kind: 'change',
    tool: 'exchange_item',
    args: { orderId: order.orderId, itemId: item.itemId, sku: wanted.sku },
    proposal: { ...proposal, variant: item.variant, want: wanted.label },
    shows: (read) => read.exchanges.some((one) => one.itemId === item.itemId && one.sku === wanted.sku),
  }
}

function askVariant(
  desk: Desk,
  topic: number,
  product: string,
  others: readonly { label: string }[],
  config: PolicyConfig,
): string | null {
  if (!config.checks.clarifyItem) return others[0]?.label ?? null
  return desk.ask({ kind: 'ask-variant', topic, product, choices: others.map((variant) => variant.label) })
    .want
}

/** Why an item cannot come back, as far as this policy looks. */
function returnObstacle(
  desk: Desk,
  ask: Ask,
  order: OrderView,
  item: ItemView,
  { checks, limits }: PolicyConfig,
): Obstacle | null {
  if (order.deliveredDaysAgo === null) return 'not-delivered'
  if (!checks.returnWindow) return null
  let daysMax = limits.returnDaysMax
  if (checks.returnsArticle) {
    const article = answerAs<{
      rules: { returnDaysMax: number; damagedReturnDaysMax: number; clearanceRefundable: boolean }
    }>(desk.call('get_policy_article', { topic: 'returns' }))
    if (article !== null) {
      const { rules } = article
      daysMax = ask.reason === 'damaged' ? rules.damagedReturnDaysMax : rules.returnDaysMax
      if (ask.act === 'refund' && item.clearance && !rules.clearanceRefundable) return 'clearance'
    }
  }
  if (order.deliveredDaysAgo <= daysMax) return null
  desk.think(
    `Delivered ${order.deliveredDaysAgo} days ago; the window is ${daysMax} days. It cannot come back.`,
  )
  return 'window-over'
}
