import type { Ask, Heard, Move } from './moves.ts'
import type { Rng } from './rng.ts'

/** Puts what the customer means into words. Wording varies with the seed and never changes the meaning. */
export function phraseAnswer(heard: Omit<Heard, 'text'>, move: Move | null, rng: Rng): string {
  if (move === null) return phraseOpening(heard, rng)
  const asks = heard.asks.map((ask) => phraseAsk(ask, rng))
  switch (move.kind) {
    case 'ask-identity': {
      const { email, postcode, name } = heard.identity!
      return move.again
        ? rng.pick([
            `I wrote from ${email}, name ${name}. The postcode should be ${postcode}.`,
            `Let me check: ${name}, ${email}, postcode ${postcode}.`,
          ])
        : rng.pick([
            `Sure: ${name}, ${email}, postcode ${postcode}.`,
            `My email is ${email} and the postcode is ${postcode}. The name is ${name}.`,
            `${email}, postcode ${postcode}, ${name}.`,
          ])
    }
    case 'ask-order':
      return rng.pick([
        `I have ${heard.orderId} here in the email.`,
        `It is ${heard.orderId}.`,
        `One moment. The confirmation says ${heard.orderId}.`,
      ])
    case 'ask-item':
      return rng.pick([
        `The one in ${heard.variant}. That is order ${heard.orderId}.`,
        `I mean ${heard.variant}, order ${heard.orderId}.`,
      ])
    case 'ask-variant':
      return rng.pick([`${heard.want}, please.`, `I would take ${heard.want}.`])
    case 'confirm':
      if (heard.answer === 'yes')
        return rng.pick(['Yes, please do.', 'Yes, that is right.', 'Correct, go ahead.', 'Yes.'])
      return asks.length === 0
        ? rng.pick([
            'No, sorry, please leave it as it is after all.',
            'On second thought, I will keep things as they are.',
          ])
        : `${rng.pick(['No, wait.', 'Sorry, not quite.', 'Actually, no.'])} ${asks.join(' ')}`
    case 'blocked':
      return asks.length === 0
        ? rng.pick([
            'I see. Then leave it.',
            'That is a pity, but understood.',
            'All right, thank you for checking.',
          ])
        : `${rng.pick(['Hm. In that case:', 'Then let us do this instead:'])} ${asks.join(' ')}`
    case 'anything-else':
      return asks.length === 0
        ? rng.pick(['No, that is all. Thank you!', 'That was everything, thanks.', 'No, thank you.'])
        : `${rng.pick(['Yes, one more thing.', 'There is something else.', 'Oh, and:'])} ${asks.join(' ')}`
    default:
      return rng.pick(['All right.', 'Thank you.'])
  }
}

function phraseOpening(heard: Omit<Heard, 'text'>, rng: Rng): string {
  const hello = rng.pick(['Hello!', 'Hi there!', 'Good morning.', 'Good afternoon.'])
  const asks = heard.asks.map((ask) => phraseAsk(ask, rng))
  const joined = asks
    .map((ask, index) => (index === 0 ? ask : `${rng.pick(['Also:', 'Then:', 'And:'])} ${ask}`))
    .join(' ')
  if (heard.identity === null) return `${hello} ${joined}`
  const { name, email, postcode } = heard.identity
  return `${hello} ${joined} ${rng.pick([
    `My email is ${email}, postcode ${postcode}. Regards, ${name}`,
    `You will find me under ${email}, postcode ${postcode}. ${name}`,
  ])}`
}

function phraseAsk(ask: Ask, rng: Rng): string {
  const thing = ask.variant === null ? `the ${ask.product}` : `the ${ask.product} (${ask.variant})`
  const order = ask.orderId === null ? 'my order, I do not have the number at hand' : `order ${ask.orderId}`
  switch (ask.act) {
    case 'refund':
      return ask.reason === 'damaged'
        ? rng.pick([
            `${capital(thing)} from ${order} arrived damaged and I would like my money back.`,
            `I noticed that ${thing} in ${order} was broken when it came. Please refund it.`,
          ])
        : rng.pick([
            `I would like to return ${thing} from ${order} and get my money back.`,
            `Please refund ${thing} from ${order}.`,
            `Can I have a refund for ${thing}? It is from ${order}.`,
          ])
    case 'cancel':
      return rng.pick([
        `Please cancel the one with the ${ask.product}: ${order}.`,
        `I no longer need the ${ask.product}. Can you cancel ${order}?`,
      ])
    case 'address': {
      const { street, postcode, city } = ask.address!
      return rng.pick([
        `The ${ask.product} should go to ${street}, ${postcode} ${city} instead. It is ${order}.`,
        `I have moved. Please send the ${ask.product} to ${street}, ${postcode} ${city}; ${order}.`,
      ])
    }
    case 'exchange': {
      const want = ask.want === null ? 'another variant' : ask.want
      return rng.pick([
        `I would like to exchange ${thing} from ${order} for ${want}.`,
        `Can you swap ${thing} for ${want}? It is ${order}.`,
      ])
    }
    case 'status':
      return rng.pick([
        `Where is my ${ask.product}? It is ${order}.`,
        `Could you tell me how far ${order} with the ${ask.product} has come?`,
      ])
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
