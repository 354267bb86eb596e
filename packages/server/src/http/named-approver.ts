/** Who approves: always a named person. */
import { AppError } from './app-error.ts'
import { actorOf, type Principal } from './environment.ts'

/** A signed-in person, or the name that comes with an API key. Throws AppError. */
export function namedApprover(principal: Principal, approver: string | undefined): string {
  if (principal.kind === 'person') return actorOf(principal)
  if (approver === undefined)
    throw new AppError(
      'bad_request',
      'An API key cannot approve by itself.',
      'Say who approves: approver, or --name on the command line.',
      { field: 'approver' },
    )
  // One key speaks for one approver: a second approval must come from somebody else's key.
  return `named:${approver} (key ${principal.keyId})`
}

/** Names given with one API key are one hand: the second approval must come through another key or a person. Throws AppError. */
export function refuseSameHand(actor: string, earlier: readonly string[]): void {
  const key = /\(key [^)]+\)$/.exec(actor)?.[0]
  if (key === undefined || !earlier.some((one) => one.endsWith(key))) return
  throw new AppError(
    'conflict',
    'This API key has approved already.',
    'The second approval must come from another person.',
  )
}
