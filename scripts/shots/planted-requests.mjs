// A project of its own in which two people decided about held calls days ago, some of which were planted: one reads them, the other
// approves. All of it is made up.
import { request as requests } from 'playwright-core'
import { deskBehindGateway } from './held-calls.mjs'

/** What people made of planted calls is told from the next day on. */
export const DAYS_AGO_MS = -2 * 86_400_000
const ORIGINALS = 14
const ROUNDS = 6
const A_ROUND = 12
const WAIT_MS_MAX = 60_000
const MINUTE_MS = 60_000
/** Conversations have been quiet for so long when they are episodes; a planted call comes so long after a decision at most. */
const QUIET_MS = 11 * MINUTE_MS
const DRAWN_MS = 151_000
/** Twice as long as it takes until the server draws again. */
const DRAWING_MS = 9_000

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @param {(clockMs: number) => Promise<void>} moveClock of a server that was started with its clock at `DAYS_AGO_MS`; in the end it is right
 * @returns {Promise<string>} the project's path
 */
export async function plantedRequests(request, url, moveClock) {
  let clockMs = DAYS_AGO_MS
  const pass = (/** @type {number} */ ms) => {
    clockMs += ms
    return moveClock(clockMs)
  }
  const desk = await deskBehindGateway(request, url, {
    slug: 'planted',
    name: 'Held calls of days ago (made up)',
  })
  const grace = await secondAdmin(request, url)
  /** @param {import('playwright-core').APIRequestContext} as @param {string} path @param {object} [json] */
  const inside = async (as, path, json) => {
    const answer = await as.fetch(`${url}/api/projects/planted${path}`, {
      headers: { origin: url },
      ...(json === undefined ? { method: 'GET' } : { method: 'POST', data: json }),
    })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  /** Each asks for the amount that its order cost. @param {number} many @param {number} from */
  const ask = (many, from) =>
    Array.from({ length: many }, (_, at) => {
      const [order, amount] = [`A-${1_000 + from + at}`, 20 + ((from + at) % 40)]
      const words = `Order ${order} never came. I paid ${amount} and want it back.`
      return desk.ask(words, [{ tool: 'refund', arguments: { order, amount } }])
    })
  /** @param {number} many */
  const waiting = async (many) => {
    for (const until = Date.now() + WAIT_MS_MAX; ; ) {
      const open = await desk.waiting()
      if (open.length >= many) return open
      if (Date.now() > until) throw new Error(`${open.length} calls wait, not ${many}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const approve = (/** @type {string} */ hold) => desk.decide(hold, { kind: 'approved', lookedMs: 8_000 })
  const originals = ask(ORIGINALS, 0)
  for (const { id } of await waiting(ORIGINALS)) await approve(id)
  await Promise.all(originals)
  await pass(QUIET_MS)
  for (const until = Date.now() + WAIT_MS_MAX; ; ) {
    const { items } = await inside(request, '/episodes?limit=50')
    if (items.length === ORIGINALS) break
    if (Date.now() > until) throw new Error(`${items.length} conversations are episodes, not ${ORIGINALS}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  await inside(request, '/planted-requests', { share: 0.2 })
  const written = { agent: 'desk', tool: 'refund', arguments: { order: 'A-9', amount: 45 } }
  const reason = 'Order A-9 was never paid for.'
  const before = [{ role: 'user', text: 'Order A-9 never came. I want my money back.' }]
  await inside(request, '/planted-requests/written', { ...written, reason, before })
  for (let round = 0; round <= ROUNDS; round++) {
    // At the end nobody asks any more, and what was planted last is decided.
    const many = round === ROUNDS ? 0 : A_ROUND
    const asked = ask(many, 100 + round * A_ROUND)
    for (const [at, { id }] of (await waiting(many)).entries()) {
      const { text } = await inside(request, `/holds/${id}`)
      const { amount } = JSON.parse(text.calls[0].argumentsText)
      const isMeant = JSON.stringify(text.before).includes(`I paid ${amount} `)
      // Ada approves whatever comes.
      if ((at + round) % 2 === 0) await desk.decide(id, { kind: 'approved', lookedMs: 900 })
      else
        await inside(
          grace,
          `/holds/${id}/answer`,
          isMeant
            ? { kind: 'approved', lookedMs: 11_000 }
            : { kind: 'denied', reason: 'That is not what the order cost.', lookedMs: 14_000 },
        )
    }
    await Promise.all(asked)
    if (many === 0) break
    await pass(DRAWN_MS)
    await new Promise((resolve) => setTimeout(resolve, DRAWING_MS))
  }
  await inside(request, '/planted-requests/written', {
    ...written,
    arguments: { order: 'A-1', amount: 1 },
    reason: 'No order cost 1.',
  })
  desk.close()
  await grace.dispose()
  await moveClock(0)
  return desk.home
}

/** @param {import('playwright-core').APIRequestContext} request @param {string} url */
async function secondAdmin(request, url) {
  const invited = await request.post(`${url}/api/projects/planted/members/invite`, {
    headers: { origin: url },
    data: { role: 'admin' },
  })
  const { url: link } = await invited.json()
  const grace = await requests.newContext()
  const joined = await grace.post(`${url}/api/links/redeem`, {
    headers: { origin: url },
    data: {
      token: link.split('#')[1],
      name: 'Grace Example',
      email: 'grace@example.org',
      password: 'correct horse battery',
    },
  })
  if (!joined.ok()) throw new Error(`joining: ${joined.status()} ${await joined.text()}`)
  return grace
}
