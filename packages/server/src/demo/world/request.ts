import type { Stakes } from '@leeway/core/episodes/episode'
import type { Address } from './store.ts'

/**
 * One customer's request, drawn from a task key: who writes, what they say, what they mean, and what a competent
 * person would leave behind in the store. Policies never see it; they hear what the customer says.
 */
export type Request = {
  readonly taskKey: string
  readonly ticketId: string
  /** Who is really writing; null when it is somebody pretending to be a customer. */
  readonly customerId: string | null
  readonly claims: Identity
  /** What they say when told that the first claim does not match; equal to `claims` when they have nothing better. */
  readonly secondClaims: Identity
  readonly identityInOpening: boolean
  /** Whether the customer notices a part that was passed over, and says so when asked for anything else. */
  readonly reminds: boolean
  readonly parts: readonly Part[]
  /** `short`: one part. `long`: two to four parts, some told later. */
  readonly horizon: Horizon
  /** The highest stakes class of the acts asked for. */
  readonly stakes: Stakes
}

export type Horizon = 'short' | 'long'
export type Identity = { readonly name: string; readonly email: string; readonly postcode: string }

export type Act = 'refund' | 'cancel' | 'address' | 'exchange' | 'status'
export type Reason = 'unwanted' | 'damaged'

/** What the customer wants of one order. `keep` is "leave it as it is after all". */
export type Wish = {
  readonly act: Act | 'keep'
  readonly orderId: string
  readonly itemId: string | null
  readonly product: string
  readonly variant: string
  readonly want: { readonly sku: string; readonly label: string } | null
  readonly address: Address | null
  readonly reason: Reason
}

export type Part = {
  /** Names this part in the conversation: position in `parts`. */
  readonly topic: number
  /** The first wish, then each change of mind, told when asked to confirm. Never empty. */
  readonly wishes: readonly Wish[]
  /** A second change that occurs to them only after the first was made. */
  readonly afterwards: Wish | null
  /** What they would take instead when told that a wish cannot be met, in order. */
  readonly alternatives: readonly Wish[]
  readonly said: Said
  readonly told: 'opening' | 'later'
  /** Names the difficulty, for the outcome's detail. */
  readonly twist: string
}

/** How they put it at first. */
export type Said = {
  /** The number they give: right, wrong, or null for none. */
  readonly orderId: string | null
  readonly variant: boolean
  readonly want: boolean
}

export const STAKES_OF_ACT: Readonly<Record<Act, Stakes>> = {
  status: 'read',
  address: 'reversible',
  exchange: 'costly',
  refund: 'irreversible',
  cancel: 'irreversible',
}
