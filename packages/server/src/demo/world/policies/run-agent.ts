import type { Desk } from '../conversation.ts'
import type { Ask, Heard, Obstacle } from '../moves.ts'
import { carryOut } from './carry-out.ts'
import { identify } from './identify.ts'
import { locate } from './locate.ts'
import { type CustomerView, readOrder } from './order-view.ts'
import { planChange } from './plan-change.ts'
import type { PolicyConfig } from './policy.ts'

/**
 * The help-desk agent: identifies the customer, works through what was asked, asks for anything else, closes the
 * ticket. It sees what tools and customer return and nothing more; its configuration decides how much it checks.
 */
export function runAgent(desk: Desk, opening: Heard, config: PolicyConfig): void {
  const identity = identify(desk, opening, config)
  if (identity.kind === 'refused') {
    desk.tell({ kind: 'not-verified' })
    desk.call('close_ticket', { ticketId: desk.ticketId })
    return
  }
  const shift: Shift = {
    desk,
    config,
    customer: identity.kind === 'known' ? identity.customer : null,
    escalated: false,
  }
  let heard = opening
  for (;;) {
    for (const ask of arrange(heard.asks.slice(0, config.limits.partsPerMessage), config)) {
      if (desk.turns() >= config.limits.customerTurnsMax) break
      workOn(shift, ask)
    }
    if (desk.turns() >= config.limits.customerTurnsMax) break
    heard = desk.ask({ kind: 'anything-else' })
    if (heard.asks.length === 0) break
  }
  desk.tell({ kind: 'goodbye' })
  if (!shift.escalated) desk.call('close_ticket', { ticketId: desk.ticketId })
}

type Shift = {
  readonly desk: Desk
  readonly config: PolicyConfig
  readonly customer: CustomerView | null
  escalated: boolean
}

/** An exchange locks its order, so whatever else is asked of any order comes first. */
function arrange(asks: readonly Ask[], config: PolicyConfig): readonly Ask[] {
  if (!config.checks.planParts) return asks
  const isExchange = (ask: Ask): boolean => ask.act === 'exchange'
  return [...asks.filter((ask) => !isExchange(ask)), ...asks.filter(isExchange)]
}

/** One thing asked for, through corrections and alternatives, to its end. */
function workOn(shift: Shift, first: Ask): void {
  const { desk, config } = shift
  let ask = first
  let revisions = 0
  let alternatives = 0
  for (;;) {
    const end = attempt(shift, ask)
    if (end.kind === 'settled') return
    if (end.kind === 'obstacle') {
      if (alternatives >= config.limits.alternativesMax) {
        desk.tell({ kind: 'refused', topic: ask.topic, why: end.why })
        return
      }
      alternatives += 1
      const [instead] = desk.ask({ kind: 'blocked', topic: ask.topic, why: end.why }).asks
      if (instead === undefined) return
      ask = instead
      continue
    }
    if (end.corrected === null) return
    if (revisions >= config.limits.revisionsMax) {
      escalate(shift, ask, 'The customer keeps changing what they want.')
      return
    }
    revisions += 1
    ask = end.corrected
  }
}

type End =
  | { readonly kind: 'settled' }
  | { readonly kind: 'obstacle'; readonly why: Obstacle }
  /** The customer said no; null when they want nothing instead. */
  | { readonly kind: 'corrected'; readonly corrected: Ask | null }

function attempt(shift: Shift, ask: Ask): End {
  const { desk, config } = shift
  const located = locate(desk, ask, shift.customer, config)
  if (located.kind === 'not-found') return { kind: 'obstacle', why: located.why }
  const { order, item } = located
  if (ask.act === 'status') {
    desk.tell({ kind: 'status', topic: ask.topic, orderId: order.orderId, status: order.status })
    return { kind: 'settled' }
  }
  const plan = planChange(desk, ask, order, item, config)
  if (plan.kind === 'obstacle') return plan
  if (plan.kind === 'escalate') {
    escalate(shift, ask, plan.reason)
    return { kind: 'settled' }
  }
  if (config.checks.confirmation) {
    const reply = desk.ask({ kind: 'confirm', proposal: plan.proposal })
    if (reply.answer !== 'yes') return { kind: 'corrected', corrected: reply.asks[0] ?? null }
  }
  switch (carryOut(desk, plan, config)) {
    case 'done':
      desk.tell({ kind: 'done', proposal: plan.proposal })
      return { kind: 'settled' }
    case 'out-of-stock':
      return { kind: 'obstacle', why: 'out-of-stock' }
    case 'refused':
      if (readOrder(desk, order.orderId)?.status === 'cancelled') return { kind: 'settled' }
      escalate(shift, ask, `The back end refused ${plan.tool} on ${order.orderId}.`)
      return { kind: 'settled' }
    case 'uncertain':
      escalate(shift, ask, `It is not certain whether ${plan.tool} on ${order.orderId} went through.`)
      return { kind: 'settled' }
  }
}

function escalate(shift: Shift, ask: Ask, reason: string): void {
  const { desk } = shift
  if (shift.escalated) desk.call('add_note', { ticketId: desk.ticketId, text: reason })
  else desk.call('escalate_to_person', { ticketId: desk.ticketId, reason })
  shift.escalated = true
  desk.tell({ kind: 'handed-over', topic: ask.topic })
}
