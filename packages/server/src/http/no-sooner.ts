/**
 * When raters get their answers: no sooner than a fixed time after the request came.
 *
 * A known question and one to work take the same statements, but not to the microsecond the same time: of work, more waits to be told
 * to others. Whoever times their own requests would see it; so nobody with a rater's rights gets an answer before nearly every one is
 * ready, whether it is a question, an episode or a refusal.
 */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { MiddlewareHandler } from 'hono'
import type { Principal, ProjectEnv } from './environment.ts'

/** Nine in ten answers are ready sooner on a small machine, and nobody who reads notices. */
export const RATER_ANSWER_MS = 25
/** A timer rings late by up to this much, and at whole milliseconds from when it was set: the last of the way goes by the clock. */
const TIMER_MS = 2

/** Stands before whatever finds out who asks, so that this counts too. `floorMs` 0: as soon as it is ready. */
export function noSooner(floorMs: number): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const readyAt = performance.now() + floorMs
    await next()
    if (floorMs === 0 || !isRater(c.get('principal'))) return
    const left = readyAt - performance.now()
    if (left > TIMER_MS) await pause(left - TIMER_MS)
    while (performance.now() < readyAt) await turn()
  }
}

/** Whoever may answer and may not read what the others did. Undefined: nobody was let in. */
function isRater(principal: Principal | undefined): boolean {
  if (principal === undefined) return false
  if (principal.kind === 'person') return principal.role === 'rater'
  return principal.scopes.includes('rate') && !principal.scopes.includes('read')
}
