import type { Act, Identity, Reason } from './request.ts'
import type { Address } from './store.ts'

/**
 * What agent and customer can mean. Understanding language is not simulated: each utterance carries its meaning
 * beside its text, the episode records the text. Difficulty is in what is left unsaid, not in the wording.
 */
export type Move = Question | Statement

/** The agent says it and waits for an answer. */
export type Question =
  | { readonly kind: 'ask-identity'; readonly again: boolean }
  | {
      readonly kind: 'ask-order'
      readonly topic: number
      readonly why: 'missing' | 'not-found' | 'not-yours' | 'several'
    }
  | {
      readonly kind: 'ask-item'
      readonly topic: number
      readonly product: string | null
      readonly choices: readonly string[]
    }
  | {
      readonly kind: 'ask-variant'
      readonly topic: number
      readonly product: string
      readonly choices: readonly string[]
    }
  | { readonly kind: 'confirm'; readonly proposal: Proposal }
  | { readonly kind: 'blocked'; readonly topic: number; readonly why: Obstacle }
  | { readonly kind: 'anything-else' }

/** The agent says it and goes on. */
export type Statement =
  | { readonly kind: 'done'; readonly proposal: Proposal }
  | { readonly kind: 'status'; readonly topic: number; readonly orderId: string; readonly status: string }
  | { readonly kind: 'refused'; readonly topic: number; readonly why: Obstacle }
  | { readonly kind: 'handed-over'; readonly topic: number }
  | { readonly kind: 'not-verified' }
  | { readonly kind: 'goodbye' }

export type Obstacle =
  | 'window-over'
  | 'clearance'
  | 'not-delivered'
  | 'not-pending'
  | 'out-of-stock'
  | 'order-locked'
  | 'not-yours'
  | 'not-found'
  | 'back-end'

/** What the agent is about to do, as far as it says so. A field that is null is not read out. */
export type Proposal = {
  readonly topic: number
  readonly act: Act
  readonly orderId: string
  readonly product: string | null
  readonly variant: string | null
  readonly want: string | null
  readonly address: Address | null
  readonly amountCents: number | null
  readonly orderedDaysAgo: number | null
}

/** One thing asked for, as the customer put it. Null is "did not say". */
export type Ask = {
  readonly topic: number
  readonly act: Act
  readonly orderId: string | null
  readonly product: string
  readonly variant: string | null
  readonly want: string | null
  readonly address: Address | null
  readonly reason: Reason
}

/** One message of the customer: its text and what it means. */
export type Heard = {
  readonly text: string
  readonly asks: readonly Ask[]
  readonly identity: Identity | null
  readonly answer: 'yes' | 'no' | null
  readonly orderId: string | null
  readonly variant: string | null
  readonly want: string | null
}
