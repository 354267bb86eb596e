/**
 * A policy of the help-desk agent: the agent's procedure (`run-agent.ts`) under one immutable configuration. The
 * configuration is complete: two policies with equal configurations act alike.
 */
export type Policy = { readonly name: string; readonly config: PolicyConfig }

export type PolicyConfig = {
  readonly agent: 'help-desk rules 1'
  /** What it looks at before or after acting. Each is a piece of code that `false` leaves out. */
  readonly checks: Readonly<Record<Check, boolean>>
  /** What it does when a call that changes something times out. */
  readonly onTimeout: 'reread' | 'retry' | 'assume-done' | 'escalate'
  readonly limits: {
    /** Things it keeps in mind out of one message; the rest of the message is lost on it. */
    readonly partsPerMessage: number
    /** Corrections of one part it takes before it hands over to a person. */
    readonly revisionsMax: number
    /** Alternatives it takes up after it has had to say no. */
    readonly alternativesMax: number
    /** Messages of the customer after which it wraps up. */
    readonly customerTurnsMax: number
    /** The return window it remembers, in days since delivery. */
    readonly returnDaysMax: number
    /** Refunds above this go to a person. */
    readonly refundCentsMax: number
  }
}

export type Check =
  | 'identity' // compares postcode and email with the record before anything else
  | 'ownership' // the order must belong to the customer who was found
  | 'returnWindow' // days since delivery against the window
  | 'returnsArticle' // reads the returns article for exceptions instead of relying on memory
  | 'refundLimit' // hands large refunds to a person
  | 'discount' // refunds what was paid, not the list price
  | 'confirmation' // reads the change out and waits for a yes
  | 'orderDate' // reads out when the order was placed
  | 'clarifyItem' // asks which one when several items or orders fit
  | 'stock' // looks at the stock before an exchange
  | 'rereadAfterChange' // reads the order again after each change, and repeats what did not stick
  | 'planParts' // does refunds and address changes before exchanges, which lock an order

/** The same policy with one check taken out of its code path. For measuring what a check is worth. */
export function withoutCheck(policy: Policy, check: Check): Policy {
  return {
    name: `${policy.name}-without-${check}`,
    config: { ...policy.config, checks: { ...policy.config.checks, [check]: false } },
  }
}
