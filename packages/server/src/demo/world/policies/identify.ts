import type { Desk } from '../conversation.ts'
import type { Heard } from '../moves.ts'
import { answerAs, type CustomerView } from './order-view.ts'
import type { PolicyConfig } from './policy.ts'

/**
 * Who is writing. With the check: email and postcode must both match the record, with one second try. Without it:
 * whoever the email belongs to, or nobody.
 */
export function identify(
  desk: Desk,
  opening: Heard,
  { checks }: PolicyConfig,
): { readonly kind: 'known'; readonly customer: CustomerView } | { readonly kind: 'unknown' | 'refused' } {
  if (!checks.identity) {
    if (opening.identity === null) return { kind: 'unknown' }
    const [match] = findByEmail(desk, opening.identity.email)
    return match === undefined ? { kind: 'unknown' } : { kind: 'known', customer: match }
  }
  let claim = opening.identity ?? desk.ask({ kind: 'ask-identity', again: false }).identity
  for (const lastTry of [false, true]) {
    const known = claim === null ? [] : findByEmail(desk, claim.email)
    const match = known.find((customer) => customer.postcode === claim?.postcode)
    if (match !== undefined) return { kind: 'known', customer: match }
    desk.think('Email address and postcode do not belong together. I may not open any order on this.')
    if (!lastTry) claim = desk.ask({ kind: 'ask-identity', again: true }).identity
  }
  return { kind: 'refused' }
}

function findByEmail(desk: Desk, email: string): readonly CustomerView[] {
  return answerAs<{ matches: readonly CustomerView[] }>(desk.call('find_customer', { email }))?.matches ?? []
}
