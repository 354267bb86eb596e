// A project of its own in which something is amiss: people ask one agent what nobody rated, and the model of another cannot be reached.
// All of it is made up.
import { gatewayProject } from './gateway-project.mjs'
import { modelServer } from './held-calls.mjs'

const WAIT_MS_MAX = 150_000
const THINGS = ['lamp', 'kettle', 'jacket', 'parcel', 'chair']
const USUAL = [
  (/** @type {string} */ thing) => `Where is my ${thing}? It should have come on Monday.`,
  (/** @type {string} */ thing) => `My ${thing} came broken and I would like my money back, please.`,
  (/** @type {string} */ thing) => `I want to send the ${thing} back. How does that work?`,
]
const NEW = (/** @type {string} */ thing) =>
  `Customs hold my ${thing} at the border and ask for an import licence. Which tariff number do I declare?`

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<{ path: string, isAlerted: () => Promise<void> }>} `isAlerted`: it takes a minute or two until the server has looked
 */
export async function alertedAgents(request, url) {
  const project = await gatewayProject(request, url, 'alerted', 'Something is amiss (made up)')
  const { inside, send } = project
  await inside('/drift/limit', { shareMax: 0.05 })
  // All at once: an agent is read about once an hour.
  for (const [agent, episodes] of /** @type {const} */ ([
    ['returns', [...asked(240, true), ...asked(52, false), ...asked(14, false, NEW)]],
    ['kiosk', [...asked(31, true), ...asked(8, false)]],
  ]))
    await send((await project.agent(agent, { isReleased: false }))['careful-3'] ?? '', episodes)
  const gone = await modelServer()
  gone.close()
  await inside('/gateway/upstreams', { name: 'models-us', baseUrl: gone.url })
  await inside('/gateway/servings', {
    agent: 'kiosk',
    policy: 'careful-3',
    upstream: 'models-us',
    model: 'large-2026',
  })
  await project.talk('returns', 3)
  project.close()
  return {
    path: project.path,
    isAlerted: async () => {
      for (const until = Date.now() + WAIT_MS_MAX; ; ) {
        // It is left alone only while somebody asks for it again and again.
        await askKiosk(url, project.key)
        const { items: alerts } = await inside('/alerts')
        const { readings } = await inside('/drift')
        if (alerts.length === 2 && readings.length === 2) return
        if (Date.now() > until) throw new Error(`not all there: ${JSON.stringify({ alerts, readings })}`)
        await new Promise((resolve) => setTimeout(resolve, 1_000))
      }
    },
  }
}

/** Whose model cannot be reached. @param {string} url @param {string} key */
async function askKiosk(url, key) {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'kiosk', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await answer.text()
}

let number = 0

/** @param {number} many @param {boolean} isRated @param {(thing: string) => string} [words] */
function asked(many, isRated, words) {
  return Array.from({ length: many }, () => {
    const at = number++
    const thing = THINGS[at % THINGS.length] ?? ''
    const sentence = words ?? USUAL[at % USUAL.length]
    return {
      taskKey: `question-${at}`,
      startedAt: new Date().toISOString(),
      steps: [
        { kind: 'user', content: sentence?.(thing) },
        { kind: 'tool_call', name: 'find_order', content: { order: `A-${1_000 + at}` } },
        { kind: 'assistant', content: 'I have looked it up for you.' },
      ],
      ...(isRated ? { outcome: { success: at % 9 === 0 ? 0 : 1 } } : {}),
    }
  })
}
