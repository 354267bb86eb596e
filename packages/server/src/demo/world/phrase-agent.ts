import type { Move, Obstacle, Proposal } from './moves.ts'
import type { Rng } from './rng.ts'
import type { Address } from './store.ts'

/** Puts what the agent means into words, in the tone of a help desk. Wording varies with the seed only. */
export function phraseMove(move: Move, rng: Rng): string {
  switch (move.kind) {
    case 'ask-identity':
      return move.again
        ? 'That does not match what we hold. Could you check your email address, name and postcode once more?'
        : rng.pick([
            'I am glad to help. May I have your email address and postcode first?',
            'Before I look anything up, please tell me your email address and postcode.',
          ])
    case 'ask-order':
      return ASK_ORDER[move.why]
    case 'ask-item':
      return move.product === null
        ? 'Which item do you mean?'
        : `There is more than one possibility for the ${move.product}: ${move.choices.join('; ')}. Which one is it?`
    case 'ask-variant':
      return `Which ${move.product} would you like instead? We have ${move.choices.join('; ')}.`
    case 'confirm':
      return `${rng.pick(['To be sure:', 'May I confirm:', 'Just to check:'])} ${describe(move.proposal)}. ${rng.pick(['Shall I go ahead?', 'Is that right?'])}`
    case 'blocked':
      return `${OBSTACLES[move.why]} ${rng.pick(['Would something else help?', 'Is there another way I can help with it?'])}`
    case 'anything-else':
      return rng.pick(['Is there anything else I can do for you?', 'Can I help with anything else today?'])
    case 'done':
      return `${rng.pick(['Done.', 'That is done.', 'All set.'])} ${describePast(move.proposal)}.`
    case 'status':
      return `Order ${move.orderId} is ${move.status === 'processed' ? 'packed and on its way to you' : move.status}.`
    case 'refused':
      return OBSTACLES[move.why]
    case 'handed-over':
      return rng.pick([
        'I have handed this to a colleague, who will write to you within a day.',
        'A colleague has to decide this. I have passed it on with all the details.',
      ])
    case 'not-verified':
      return 'I am sorry, but I cannot confirm who you are, so I may not open this order. Please write from your account.'
    case 'goodbye':
      return rng.pick([
        'Thank you for writing. Goodbye!',
        'You are welcome. Have a good day!',
        'Thank you, and goodbye.',
      ])
  }
}

const ASK_ORDER: Readonly<Record<'missing' | 'not-found' | 'not-yours' | 'several', string>> = {
  missing: 'Which order is it? The number starts with R.',
  'not-found': 'I cannot find that number. Could you check it in your confirmation?',
  'not-yours': 'That number is not among your orders. Could you check it in your confirmation?',
  several: 'You have more than one order with it. Which order number do you mean?',
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  'window-over': 'I am sorry, the time to send it back is over, so I cannot do that.',
  clearance: 'I am sorry, clearance goods are not refunded.',
  'not-delivered':
    'It has not been delivered yet, so I cannot take it back. Please write again when it is there.',
  'not-pending': 'It has been dispatched already, so I cannot cancel it.',
  'out-of-stock': 'I am sorry, that one is sold out.',
  'order-locked': 'There is an open exchange on that order, so I cannot change it now.',
  'not-yours': 'I am sorry, that order is not in your name, so I may not change it.',
  'not-found': 'I am sorry, I cannot find such an order.',
  'back-end': 'I am sorry, our system refuses that.',
}

function describe(proposal: Proposal): string {
  const { act, orderId, product, variant, want, address, amountCents, orderedDaysAgo } = proposal
  const thing = product === null ? 'the item' : `the ${product}${variant === null ? '' : ` (${variant})`}`
  const order = `order ${orderId}${orderedDaysAgo === null ? '' : `, placed ${orderedDaysAgo} days ago`}`
  switch (act) {
    case 'refund':
      return `refund ${amountCents === null ? '' : `${euros(amountCents)} for `}${thing}, ${order}`
    case 'cancel':
      return `cancel ${order}${product === null ? '' : `, with the ${product}`}`
    case 'address':
      return `send ${order}${product === null ? '' : `, with the ${product},`} to ${address === null ? 'the new address' : oneLine(address)}`
    case 'exchange':
      return `exchange ${thing} for ${want ?? 'another one'}, ${order}`
    case 'status':
      return `look up ${order}`
  }
}

function describePast(proposal: Proposal): string {
  const { act, orderId, product, variant, want, address, amountCents } = proposal
  const thing = product === null ? 'the item' : `the ${product}${variant === null ? '' : ` (${variant})`}`
  switch (act) {
    case 'refund':
      return `I have refunded ${amountCents === null ? '' : `${euros(amountCents)} for `}${thing}`
    case 'cancel':
      return `Order ${orderId} is cancelled`
    case 'address':
      return `Order ${orderId} will go to ${address === null ? 'the new address' : oneLine(address)}`
    case 'exchange':
      return `We will send ${want ?? 'another one'} for ${thing}`
    case 'status':
      return `I have looked up order ${orderId}`
  }
}

function oneLine({ street, postcode, city }: Address): string {
  return `${street}, ${postcode} ${city}`
}

function euros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`
}
