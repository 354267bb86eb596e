import { STAKES, type Stakes } from '@leeway/core/episodes/episode'
import { drawLockingPair, drawPart } from './draw-part.ts'
import { drawPostcode, drawWorld, freshId, type World } from './draw-world.ts'
import { type Act, type Horizon, type Identity, type Part, type Request, STAKES_OF_ACT } from './request.ts'
import { createRng } from './rng.ts'
import type { Store } from './store.ts'

/**
 * The request behind a task key, and a fresh store for it. The same task key and seed give the same request for
 * every policy, so episodes of one task are pairs. Cost: some tens of microseconds.
 */
export function drawRequest(
  taskKey: string,
  seed: string,
): { readonly request: Request; readonly store: Store } {
  const world = drawWorld(createRng(`world\u0000${seed}\u0000${taskKey}`))
  const { rng, store, requester } = world
  const horizon: Horizon = rng.chance(LONG_SHARE) ? 'long' : 'short'
  const ticketId = freshId(rng, 'T', store.tickets)
  store.tickets.set(ticketId, { id: ticketId, status: 'open', notes: [] })
  const impostor = horizon === 'short' && rng.chance(IMPOSTOR_SHARE)
  const parts = horizon === 'long' ? drawLongParts(world) : [drawShortPart(world, impostor)]
  const record: Identity = { name: requester.name, email: requester.email, postcode: requester.postcode }
  const guessed: Identity = { ...record, postcode: drawPostcode(rng) }
  return {
    store,
    request: {
      taskKey,
      ticketId,
      customerId: impostor ? null : requester.id,
      claims: impostor || rng.chance(MISTYPED_SHARE) ? guessed : record,
      secondClaims: impostor ? guessed : record,
      identityInOpening: rng.chance(horizon === 'short' ? 0.7 : 0.3),
      reminds: rng.chance(REMINDER_SHARE),
      parts,
      horizon,
      stakes: highestStakes(parts),
    },
  }
}

/** What a release needs to know of a task before anyone acts on it. */
export function requestFacts(
  taskKey: string,
  seed: string,
): { readonly horizon: Horizon; readonly stakes: Stakes } {
  const { horizon, stakes } = drawRequest(taskKey, seed).request
  return { horizon, stakes }
}

const LONG_SHARE = 0.32
const IMPOSTOR_SHARE = 0.04
const MISTYPED_SHARE = 0.06
const REMINDER_SHARE = 0.5
/** Of long requests: a refund told after the exchange that locks its order; and such pairs in all. */
const LATE_LOCK_SHARE = 0.07
const LOCK_SHARE = 0.19

const ACTS: Readonly<Record<Act, number>> = { refund: 40, cancel: 15, address: 15, exchange: 22, status: 8 }

/** How often each difficulty comes up, by act. The long list is plainer: its difficulty is in the number of parts. */
const SHORT_TWISTS: Readonly<Record<Act, Readonly<Record<string, number>>>> = {
  refund: {
    plain: 30,
    discounted: 5,
    'window-over': 20,
    'damaged-late': 2,
    'damage-told-late': 2,
    clearance: 2,
    'over-limit': 6,
    'not-delivered': 4,
    'two-alike': 6,
    'wrong-number': 6,
    'own-other-number': 5,
    'changes-mind': 11,
    'changes-mind-twice': 6,
    'timeout-before': 2,
    'timeout-after': 2,
    'somebody-else': 3,
  },
  cancel: {
    plain: 50,
    dispatched: 15,
    'dispatched-then-redirect': 6,
    'wrong-number': 8,
    'changes-mind': 10,
    'timeout-before': 4,
    lost: 2,
    'somebody-else': 5,
  },
  address: { plain: 55, dispatched: 20, 'changes-mind': 8, afterwards: 8, 'timeout-before': 5, lost: 2 },
  exchange: {
    plain: 42,
    'no-variant-said': 12,
    'two-alike': 10,
    'window-over': 13,
    'out-of-stock': 14,
    'out-of-stock-twice': 7,
    'timeout-before': 4,
    'timeout-after': 4,
  },
  status: { plain: 80, 'wrong-number': 20 },
}

const LONG_TWISTS: Readonly<Record<Act, Readonly<Record<string, number>>>> = {
  refund: {
    plain: 50,
    discounted: 6,
    'window-over': 12,
    'damaged-late': 2,
    'over-limit': 4,
    'two-alike': 6,
    'wrong-number': 8,
    'changes-mind': 6,
    'changes-mind-twice': 3,
    'timeout-before': 2,
    'timeout-after': 2,
  },
  cancel: { plain: 70, dispatched: 12, 'wrong-number': 8, 'changes-mind': 6, 'timeout-before': 4 },
  address: { plain: 66, dispatched: 12, 'changes-mind': 8, afterwards: 10, lost: 2 },
  exchange: {
    plain: 60,
    'no-variant-said': 12,
    'two-alike': 8,
    'out-of-stock': 14,
    'out-of-stock-twice': 4,
    'timeout-after': 4,
  },
  status: { plain: 100 },
}

function drawShortPart(world: World, impostor: boolean): Part {
  // Somebody who pretends to be a customer is after money: a plain refund of that customer's order.
  if (impostor) return drawPart(world, 0, 'refund', 'plain', 'opening')
  const act = world.rng.weighted(ACTS)
  return drawPart(world, 0, act, world.rng.weighted(SHORT_TWISTS[act]), 'opening')
}

function drawLongParts(world: World): readonly Part[] {
  const { rng } = world
  const count = rng.pick([2, 2, 3, 3, 3, 4])
  const inOpening = 1 + rng.below(count)
  const parts: Part[] = []
  const lock = rng.next()
  if (lock < LATE_LOCK_SHARE) parts.push(...drawLockingPair(world, 0, true))
  else if (inOpening >= 2 && lock < LOCK_SHARE) parts.push(...drawLockingPair(world, 0, false))
  while (parts.length < count) {
    const act = rng.weighted(ACTS)
    const told = parts.length < inOpening ? 'opening' : 'later'
    parts.push(drawPart(world, parts.length, act, rng.weighted(LONG_TWISTS[act]), told))
  }
  return parts
}

function highestStakes(parts: readonly Part[]): Stakes {
  let highest = 0
  for (const part of parts) {
    for (const wish of [...part.wishes, ...part.alternatives]) {
      if (wish.act !== 'keep') highest = Math.max(highest, STAKES.indexOf(STAKES_OF_ACT[wish.act]))
    }
  }
  return STAKES[highest]!
}
