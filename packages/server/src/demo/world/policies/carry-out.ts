import type { Desk } from '../conversation.ts'
import { readOrder } from './order-view.ts'
import type { Plan } from './plan-change.ts'
import type { PolicyConfig } from './policy.ts'

export type CarriedOut = 'done' | 'out-of-stock' | 'refused' | 'uncertain'

/** Makes the change, and deals with a back end that does not answer or does not do what it says. */
export function carryOut(
  desk: Desk,
  plan: Extract<Plan, { kind: 'change' }>,
  config: PolicyConfig,
): CarriedOut {
  const orderId = plan.proposal.orderId
  const isThere = (): boolean => {
    const order = readOrder(desk, orderId)
    return order !== null && plan.shows(order)
  }
  let result = desk.call(plan.tool, plan.args)
  if (!result.ok && result.code === 'timeout') {
    switch (config.onTimeout) {
      case 'assume-done':
        desk.think('It timed out; such calls usually go through. I take it as done.')
        return 'done'
      case 'escalate':
        return 'uncertain'
      case 'retry':
        desk.think('It timed out. I will try once more.')
        result = desk.call(plan.tool, plan.args)
        break
      case 'reread':
        desk.think(
          'It timed out and may or may not have gone through. I will read the order before I repeat it.',
        )
        if (isThere()) return 'done'
        result = desk.call(plan.tool, plan.args)
    }
  }
  if (!result.ok) return result.code === 'out_of_stock' ? 'out-of-stock' : 'refused'
  if (!config.checks.rereadAfterChange || isThere()) return 'done'
  desk.think('The back end said yes, but the order does not show it. I will repeat the call.')
  return desk.call(plan.tool, plan.args).ok && isThere() ? 'done' : 'uncertain'
}
