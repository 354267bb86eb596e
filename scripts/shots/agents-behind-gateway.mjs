// A project of its own with three agents behind the gateway: one whose traffic is split as it was drawn, one whose candidate has
// no price under a spending limit, so that all its conversations fall to the baseline, and one without a release. And one whose
// candidate is asked beside the baseline, and always wants to refund. All made up.
import { modelServer } from './held-calls.mjs'

const SLUG = 'traffic'
const CONVERSATIONS = 48
const AT_ONCE = 8
const PAIRS = 40
const BESIDE = 12
const MAIL_CALLS = [
  { tool: 'refund', arguments: { order: 'A10017', amount: 12 } },
  { tool: 'refund', arguments: { order: 'A10018', amount: 20 } },
  { tool: 'find_order', arguments: { order: 'A10017' } },
]
const WAIT_MS_MAX = 60_000
const TOOLS = [
  { name: 'find_*', stakes: 'read' },
  {
    name: 'refund',
    stakes: 'costly',
    arguments: {
      type: 'object',
      properties: {
        order: { type: 'string', minLength: 6, maxLength: 6 },
        amount: { type: 'number', exclusiveMinimum: 0, maximum: 50 },
        reason: { enum: ['late', 'broken', 'not wanted'] },
      },
      required: ['order', 'amount'],
    },
  },
  { name: 'note', stakes: 'reversible', set: { visible: false } },
]

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<{ home: string, beside: string }>} paths of the project, and of the release whose candidate is asked beside
 */
export async function agentsBehindGateway(request, url) {
  /** @param {string} path @param {unknown} [json] @param {string} [method] */
  const api = async (path, json, method = 'POST') => {
    const answer = await request.fetch(`${url}/api/projects${path}`, {
      headers: { origin: url },
      ...(json === undefined ? { method: 'GET' } : { method, data: json }),
    })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  /** @param {string} path @param {unknown} [json] @param {string} [method] */
  const inside = (path, json, method) => api(`/${SLUG}${path}`, json, method)
  const model = await modelServer()
  await api('', { slug: SLUG, name: 'Agents behind the gateway (made up)' })
  const { id: providerKeyId } = await inside('/provider-keys', {
    provider: 'openai-compatible',
    name: 'desk models',
    secret: 'made up',
  })
  await inside('/gateway/upstreams', { name: 'models-eu', baseUrl: model.url, providerKeyId })
  await inside('/gateway/upstreams', { name: 'models-spare', baseUrl: model.url, timeoutSeconds: 60 })
  const { key } = await inside('/keys', { name: 'desk', scopes: ['act'] })
  /**
   * @param {string} agent
   * @param {{ prices?: boolean, limits?: Record<string, number>, released: boolean, beside?: boolean }} options
   */
  const agentNamed = async (agent, { prices = true, limits = {}, released, beside = false }) => {
    const price = { usdPerMillion: { input: 2.5, output: 10 } }
    /** @type {Record<string, string>} */
    const ids = {}
    for (const policy of released ? ['careful-3', 'swift-4'] : ['careful-3'])
      ids[policy] = (await inside('/policies', { agent, name: policy, config: { agent, policy } })).id
    await inside('/gateway/servings', {
      agent,
      policy: 'careful-3',
      upstream: 'models-eu',
      fallback: 'models-spare',
      model: 'large-2026',
      ...price,
    })
    if (released)
      await inside('/gateway/servings', {
        agent,
        policy: 'swift-4',
        upstream: 'models-eu',
        model: 'small-2026',
        set: beside
          ? { calls: [{ tool: 'refund', arguments: { order: 'A10017', amount: 12 } }] }
          : { temperature: 0 },
        ...(prices ? price : {}),
      })
    await inside('/contracts', {
      agent,
      baseline: 'careful-3',
      tools: TOOLS,
      grant: { withoutReview: 0.9, stakes: 'costly' },
      limits,
      reason: 'First contract, after the review of the tools.',
    })
    if (!released) return null
    await inside('/ladders', { agent, ladder: ladder() })
    await inside('/anchors', { agent, policy: 'careful-3', evidence: 'Made up: years of use.' })
    if (beside) {
      const { id } = await inside('/releases', {
        agent,
        baseline: 'careful-3',
        candidate: 'swift-4',
        unitSource: 'stream',
      })
      return id
    }
    await climb({ request, url, inside }, agent, Object.values(ids))
    return null
  }
  await agentNamed('desk', { released: true })
  await agentNamed('billing', { prices: false, limits: { usdPerDay: 20 }, released: true })
  await agentNamed('kiosk', { released: false })
  const besideId = await agentNamed('mail', { released: true, beside: true })
  /** @param {string} agent @param {number} at @param {string} words */
  const ask = async (agent, at, words = 'Hello') => {
    // What is enforced is read anew every so often; until then nobody serves the agent.
    for (const until = Date.now() + WAIT_MS_MAX; ; ) {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'x-leeway-conversation-id': `${agent}-${at}`,
        },
        body: JSON.stringify({ model: agent, messages: [{ role: 'user', content: words }] }),
      })
      const text = await answer.text()
      if (answer.ok) return
      if (Date.now() > until) throw new Error(`the gateway: ${answer.status} ${text}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  for (const agent of ['desk', 'billing'])
    for (let at = 0; at < CONVERSATIONS; at += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, more) => ask(agent, at + more)))
  for (let at = 0; at < BESIDE; at++)
    await ask('mail', at, `Please. ${JSON.stringify({ calls: [MAIL_CALLS[at % MAIL_CALLS.length]] })}`)
  // What is asked beside the baseline is asked behind its answer.
  for (const until = Date.now() + WAIT_MS_MAX; Date.now() < until; )
    if ((await inside(`/releases/${besideId}/shadow`)).turns === BESIDE) break
  model.close()
  return { home: `/p/${SLUG}`, beside: `/p/${SLUG}/releases/${besideId}` }
}

/** Easily left: the page is about traffic, not about evidence. */
function ladder() {
  const region = { horizonSteps: 100, stakes: 'costly' }
  const gate = { margin: 0.3, alpha: 0.2, unitsMin: 10 }
  return {
    name: 'short',
    stages: [
      { name: 'shadow', autonomy: 'shadow', exposure: 0, reviewed: 1, region, gate },
      { name: 'sample-10', autonomy: 'act', exposure: 0.25, reviewed: 0.1, region, gate },
      { name: 'sample-2', autonomy: 'act', exposure: 0.5, reviewed: 0.02, region, gate },
    ],
  }
}

/**
 * A release that has left its shadow stage: both policies did everything right there.
 *
 * @param {{ request: import('playwright-core').APIRequestContext, url: string, inside: (path: string, json?: unknown) => Promise<any> }} api
 * @param {string} agent
 * @param {string[]} policies ids
 */
async function climb({ request, url, inside }, agent, policies) {
  const { id } = await inside('/releases', {
    agent,
    baseline: 'careful-3',
    candidate: 'swift-4',
    unitSource: 'stream',
  })
  const tasks = Array.from({ length: PAIRS }, (_, at) => `order-${at}`)
  await inside(`/releases/${id}/assignments`, { units: tasks.map((task) => `task:${task}`) })
  for (const policy of policies) {
    const lines = tasks.map((taskKey, at) =>
      JSON.stringify({
        taskKey,
        steps: [
          { kind: 'user', content: `${policy} ${taskKey}` },
          { kind: 'tool_call', name: 'find_order', content: { order: 'A-1042' } },
          { kind: 'tool_call', name: 'refund', content: { order: 'A-1042', amount: 10 + (at % 12) * 4 } },
        ],
        outcome: { success: 1 },
      }),
    )
    const sent = await request.post(`${url}/api/projects/${SLUG}/episodes/import?policyId=${policy}`, {
      headers: { origin: url, 'content-type': 'application/octet-stream' },
      data: lines.join('\n'),
    })
    if (!sent.ok()) throw new Error(`import: ${sent.status()} ${await sent.text()}`)
  }
  await inside(`/releases/${id}/check`, {})
  const { proposal } = await inside(`/releases/${id}`)
  await inside(`/releases/${id}/approve`, { checkId: proposal.checkId, reason: 'Read ten of the pairs.' })
}
