// A project of its own with agents behind the gateway, whose model is a server of ours. All made up.
import { modelServer } from './held-calls.mjs'
import { newProject } from './new-project.mjs'

const AT_ONCE = 8
const PAIRS = 40
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

/** Easily left: the pages are about traffic, not about evidence. */
const LEFT_EASILY = {
  region: { horizonSteps: 100, stakes: 'costly' },
  gate: { margin: 0.3, alpha: 0.2, unitsMin: 10 },
}
const SHADOW = { name: 'shadow', autonomy: 'shadow', exposure: 0, reviewed: 1, ...LEFT_EASILY }
const STAGES = [
  SHADOW,
  { name: 'sample-10', autonomy: 'act', exposure: 0.25, reviewed: 0.1, ...LEFT_EASILY },
  { name: 'sample-2', autonomy: 'act', exposure: 0.5, reviewed: 0.02, ...LEFT_EASILY },
]
/** Answers beside the baseline are evidence only where the next stage does not act. */
export const SUGGESTING = [
  SHADOW,
  { name: 'suggest', autonomy: 'suggest', exposure: 0, reviewed: 1, ...LEFT_EASILY },
  ...STAGES.slice(1),
]

/**
 * @typedef {{ path: string, releases: Record<string, string> }} Behind a project's path, and its releases by agent
 * @typedef {import('./new-project.mjs').Ask} Ask
 */

/**
 * @param {import('playwright-core').APIRequestContext} request
 * @param {string} url
 * @param {string} slug
 * @param {string} name
 */
export async function gatewayProject(request, url, slug, name) {
  const inside = await newProject(request, url, { slug, name })
  const model = await modelServer()
  const { id: providerKeyId } = await inside('/provider-keys', {
    provider: 'openai-compatible',
    name: 'desk models',
    secret: 'made up',
  })
  await inside('/gateway/upstreams', { name: 'models-eu', baseUrl: model.url, providerKeyId })
  await inside('/gateway/upstreams', { name: 'models-spare', baseUrl: model.url, timeoutSeconds: 60 })
  const { key } = await inside('/keys', { name: 'desk', scopes: ['act'] })
  /** @type {Record<string, string>} */
  const releases = {}
  return {
    path: `/p/${slug}`,
    releases,
    key,
    inside,
    /** @param {string} policyId @param {readonly object[]} episodes */
    send: (policyId, episodes) => send({ request, url, slug }, policyId, episodes),
    close: () => model.close(),
    /**
     * @param {string} agent
     * @param {{ isPriced?: boolean, limits?: Record<string, number>, isReleased?: boolean, failing?: number, isBeside?: boolean,
     *   truth?: object, stages?: object[] }} options
     *   `isPriced`: somebody said what the candidate costs; `failing`: share of its tasks in which it fails;
     *   `isBeside`: its release stays where the candidate only runs beside
     * @returns {Promise<Record<string, string>>} ids of its policies by name
     */
    agent: async (
      agent,
      {
        isPriced = true,
        limits = {},
        isReleased = true,
        failing = 0,
        isBeside = false,
        truth,
        stages = STAGES,
      },
    ) => {
      const price = { usdPerMillion: { input: 2.5, output: 10 } }
      /** @type {Record<string, string>} */
      const ids = {}
      for (const policy of isReleased ? ['careful-3', 'swift-4'] : ['careful-3'])
        ids[policy] = (await inside('/policies', { agent, name: policy, config: { agent, policy } })).id
      await inside('/gateway/servings', {
        agent,
        policy: 'careful-3',
        upstream: 'models-eu',
        fallback: 'models-spare',
        model: 'large-2026',
        ...price,
      })
      if (isReleased)
        await inside('/gateway/servings', {
          agent,
          policy: 'swift-4',
          upstream: 'models-eu',
          model: 'small-2026',
          set: isBeside
            ? { calls: [{ tool: 'refund', arguments: { order: 'A10017', amount: 12 } }] }
            : { temperature: 0 },
          ...(isPriced ? price : {}),
        })
      await inside('/contracts', {
        agent,
        baseline: 'careful-3',
        tools: TOOLS,
        // Nobody is there to decide, and who asks waits as long as a call may.
        grant: { withoutReview: isBeside ? 1 : 0.9, stakes: 'costly' },
        limits,
        reason: 'First contract, after the review of the tools.',
      })
      if (!isReleased) return ids
      await inside('/ladders', { agent, ladder: { name: 'short', marginBudget: 1, stages } })
      await inside('/anchors', { agent, policy: 'careful-3', evidence: 'Made up: years of use.' })
      const { id } = await inside('/releases', {
        agent,
        baseline: 'careful-3',
        candidate: 'swift-4',
        unitSource: 'stream',
        ...(truth === undefined ? {} : { truth }),
      })
      releases[agent] = id
      if (!isBeside) await climb({ request, url, slug, inside }, id, ids, failing)
      return ids
    },
    /** @param {string} agent @param {number} conversations @param {(at: number) => string} [words] of each */
    talk: async (agent, conversations, words = () => 'Hello') => {
      for (let at = 0; at < conversations; at += AT_ONCE)
        await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, conversations - at) }, (_, more) =>
            ask({ url, key, agent, name: `${agent}-${at + more}`, words: words(at + more) }),
          ),
        )
    },
  }
}

/** @param {{ url: string, key: string, agent: string, name: string, words: string }} conversation */
async function ask({ url, key, agent, name, words }) {
  // What is enforced is read anew every so often; until then nobody serves the agent.
  for (const until = Date.now() + WAIT_MS_MAX; ; ) {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-leeway-conversation-id': name,
      },
      body: JSON.stringify({ model: agent, messages: [{ role: 'user', content: words }] }),
    })
    const text = await answer.text()
    if (answer.ok) return
    if (Date.now() > until) throw new Error(`the gateway: ${answer.status} ${text}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/**
 * A release that has left its shadow stage, where the candidate does well; else the gate rolls it back there.
 *
 * @param {{ request: import('playwright-core').APIRequestContext, url: string, slug: string, inside: Ask }} api
 * @param {string} id of the release
 * @param {Record<string, string>} policies ids by name
 * @param {number} failing share of the tasks in which the candidate fails
 */
async function climb({ request, url, slug, inside }, id, policies, failing) {
  const tasks = Array.from({ length: PAIRS }, (_, at) => `order-${at}`)
  await inside(`/releases/${id}/assignments`, { units: tasks.map((task) => `task:${task}`) })
  for (const [name, policy] of Object.entries(policies)) {
    const episodes = tasks.map((taskKey, at) => ({
      taskKey,
      steps: [
        { kind: 'user', content: `${name} ${taskKey}` },
        { kind: 'tool_call', name: 'find_order', content: { order: 'A-1042' } },
        { kind: 'tool_call', name: 'refund', content: { order: 'A-1042', amount: 10 + (at % 12) * 4 } },
      ],
      outcome: { success: name === 'swift-4' && at < failing * tasks.length ? 0 : 1 },
    }))
    await send({ request, url, slug }, policy, episodes)
  }
  await inside(`/releases/${id}/check`, {})
  const { proposal } = await inside(`/releases/${id}`)
  if (proposal !== null)
    await inside(`/releases/${id}/approve`, { checkId: proposal.checkId, reason: 'Read ten of the pairs.' })
}

/**
 * @param {{ request: import('playwright-core').APIRequestContext, url: string, slug: string }} place
 * @param {string} policyId
 * @param {readonly object[]} episodes
 */
async function send({ request, url, slug }, policyId, episodes) {
  const sent = await request.post(`${url}/api/projects/${slug}/episodes/import?policyId=${policyId}`, {
    headers: { origin: url, 'content-type': 'application/octet-stream' },
    data: episodes.map((episode) => JSON.stringify(episode)).join('\n'),
  })
  if (!sent.ok()) throw new Error(`import: ${sent.status()} ${await sent.text()}`)
}
