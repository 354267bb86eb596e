import type { Ask, Heard, Move, Proposal } from './moves.ts'
import { phraseAnswer } from './phrase-customer.ts'
import type { Identity, Part, Request, Wish } from './request.ts'
import type { Rng } from './rng.ts'
import type { Store } from './store.ts'

/**
 * The simulated customer: answers from the request's truth and from nothing else. Says no to a proposal that
 * visibly is not what they want, and can only see what the agent reads out. `store` is read only for
 * when they ordered, because people do know that.
 */
export type Customer = {
  readonly open: () => Heard
  /** Hears a question and answers it. */
  readonly answer: (move: Move) => Heard
  /** Hears a statement; it may tell them that a part was dealt with. */
  readonly hear: (move: Move) => void
}

export function createCustomer(request: Request, store: Store, rng: Rng): Customer {
  const minds = request.parts.map(openMind)
  let claimed = false
  let regretted = false
  let regret = ''
  let toldLater = 0
  const later = minds.filter((mind) => mind.part.told === 'later')

  const say = (meaning: Partial<Heard>, move: Move | null): Heard => {
    const heard = { ...NOTHING, ...meaning }
    const text = `${regret}${phraseAnswer(heard, move, rng)}`
    regret = ''
    return { ...heard, text }
  }
  const claim = (): Identity => {
    const identity = claimed ? request.secondClaims : request.claims
    claimed = true
    return identity
  }
  const touch = (topic: number): Mind => {
    const mind = minds[topic]!
    mind.touched = true
    return mind
  }

  return {
    open: () => {
      const asks = minds.filter((mind) => mind.part.told === 'opening').map(firstAsk)
      return say({ asks, identity: request.identityInOpening ? claim() : null }, null)
    },
    hear: (move) => {
      if ('topic' in move) touch(move.topic)
      if ('proposal' in move) touch(move.proposal.topic).done = move.kind === 'done'
    },
    answer: (move) => {
      switch (move.kind) {
        case 'ask-identity':
          return say({ identity: claim() }, move)
        case 'ask-order':
          return say({ orderId: wishOf(touch(move.topic)).orderId }, move)
        case 'ask-item': {
          const { orderId, variant } = wishOf(touch(move.topic))
          return say({ orderId, variant }, move)
        }
        case 'ask-variant':
          return say({ want: wishOf(touch(move.topic)).want?.label ?? null }, move)
        case 'blocked': {
          return say({ answer: 'no', asks: nextAlternative(touch(move.topic)) }, move)
        }
        case 'confirm': {
          const mind = touch(move.proposal.topic)
          const content = !changesMind(mind) && agrees(move.proposal, wishOf(mind), store)
          return say(content ? { answer: 'yes' } : { answer: 'no', asks: correction(mind) }, move)
        }
        case 'anything-else': {
          if (!regretted && minds.some(isRegret)) {
            regretted = true
            regret = REGRET
          }
          for (const mind of minds) {
            const asks = lateChange(mind)
            if (asks.length > 0) return say({ asks }, move)
          }
          const missed = request.reminds
            ? minds.find((mind) => mind.told && !mind.touched && !mind.reminded)
            : undefined
          if (missed !== undefined) {
            missed.reminded = true
            return say({ asks: [firstAsk(missed)] }, move)
          }
          const next = later[toldLater++]
          return say(next === undefined ? { answer: 'no' } : { asks: [firstAsk(next)] }, move)
        }
        default:
          return say({}, move)
      }
    },
  }
}

const NOTHING: Heard = {
  text: '',
  asks: [],
  identity: null,
  answer: null,
  orderId: null,
  variant: null,
  want: null,
}

/** What the customer thinks about one part so far. */
type Mind = {
  readonly part: Part
  /** The agent has spoken of it. */
  touched: boolean
  told: boolean
  done: boolean
  reminded: boolean
  /** How many changes of mind have been said. */
  changed: number
  /** Which alternative they have come to; -1 is none. */
  alternative: number
  /** Had their second thought after it was done. */
  late: boolean
}

function openMind(part: Part): Mind {
  return {
    part,
    touched: false,
    told: false,
    done: false,
    reminded: false,
    changed: 0,
    alternative: -1,
    late: false,
  }
}

function wishOf({ part, late, alternative, changed }: Mind): Wish {
  if (late && part.afterwards !== null) return part.afterwards
  return part.alternatives[alternative] ?? part.wishes[changed]!
}

/** As they put it at first: the number they believe in, and only what they think of saying. */
function firstAsk(mind: Mind): Ask {
  mind.told = true
  const { said } = mind.part
  const ask = exactAsk(mind)
  return {
    ...ask,
    orderId: said.orderId,
    variant: said.variant ? ask.variant : null,
    want: said.want ? ask.want : null,
  }
}

function exactAsk(mind: Mind): Ask {
  const { act, orderId, product, variant, want, address, reason } = wishOf(mind)
  if (act === 'keep') throw new Error('nothing is asked for when it stays as it is')
  return {
    topic: mind.part.topic,
    act,
    orderId,
    product,
    variant,
    want: want?.label ?? null,
    address,
    reason,
  }
}

/** The new wish of somebody who said no: none when everything is to stay as it is. */
function correction(mind: Mind): readonly Ask[] {
  return wishOf(mind).act === 'keep' ? [] : [exactAsk(mind)]
}

function changesMind(mind: Mind): boolean {
  if (mind.late || mind.alternative >= 0 || mind.changed >= mind.part.wishes.length - 1) return false
  mind.changed += 1
  return true
}

function nextAlternative(mind: Mind): readonly Ask[] {
  if (mind.alternative + 1 >= mind.part.alternatives.length) return []
  mind.alternative += 1
  return [exactAsk(mind)]
}

/** A second thought once it was done, or a change of mind that nobody gave them a chance to say. */
function lateChange(mind: Mind): readonly Ask[] {
  if (mind.late || !mind.done) return []
  mind.late = true
  if (mind.part.afterwards === null && mind.changed === mind.part.wishes.length - 1) return []
  mind.changed = mind.part.wishes.length - 1
  return correction(mind)
}

/** They had decided to leave it, it was done without asking, and there is nothing left to ask for. */
function isRegret({ part, done, changed }: Mind): boolean {
  return done && changed < part.wishes.length - 1 && part.wishes[part.wishes.length - 1]!.act === 'keep'
}

/** Said once; it asks for nothing, because nothing can be done any more. */
const REGRET = 'Oh, it is done already? I was about to say that I would rather leave it as it was. '

/** Compares only what was read out; what was left out, they cannot object to. */
function agrees(proposal: Proposal, wish: Wish, store: Store): boolean {
  if (proposal.act !== wish.act) return false
  if (proposal.product !== null && proposal.product !== wish.product) return false
  if (proposal.variant !== null && proposal.variant !== wish.variant) return false
  if (proposal.want !== null && proposal.want !== wish.want?.label) return false
  if (proposal.address !== null && proposal.address.street !== wish.address?.street) return false
  const ordered = store.orders.get(wish.orderId)?.orderedDaysAgo
  return proposal.orderedDaysAgo === null || proposal.orderedDaysAgo === ordered
}
