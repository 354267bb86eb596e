// A project of its own with a chain of supervisors: a release that was completed, and one above it that is under way.
// The models are scripted, by a server of ours that reads the answer off the episode; all of it is made up.
import { createServer } from 'node:http'
import { newProject } from './new-project.mjs'

const UNITS = 150
const WAIT_MS_MAX = 120_000
const RUBRIC = 'name: desk\nquestion: Was the order sent as it was asked for?\nansweredBy: [human, model]\n'
const SUPERVISION = { catchMin: 0.6, auditShareMin: 0.05 }

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<{ home: string, completed: string, open: string }>}
 */
export async function supervisedRelease(request, url) {
  const slug = 'supervised'
  const home = `/p/${slug}`
  const models = await modelServer()
  try {
    const inside = await newProject(request, url, { slug, name: 'Supervised (made up)' })
    await inside('/judges/spend', { usdPerDay: 1 }, 'PUT')
    /** @type {Record<string, { id: string, episodes: Episode[] }>} */
    const policies = {}
    for (const [name, rate, family] of /** @type {const} */ ([
      ['v1', 0.8, 'first'],
      ['v2', 0.3, 'second'],
      ['v3', 0.25, 'Two'],
    ]))
      policies[name] = await policyOf({ request, url, slug, inside }, { name, rate, family })
    const { id: rubric } = await inside('/rubrics', { agent: 'desk', source: RUBRIC })
    await inside('/ladders', { agent: 'desk', ladder: ladder() })
    await inside('/anchors', { agent: 'desk', policy: 'v1', evidence: 'Made up: years of use.' })
    for (const [name, policy] of [
      ['one', 'v1'],
      ['two', 'v2'],
    ]) {
      const judge = await inside('/judges', {
        name,
        provider: 'openai-compatible',
        model: name,
        baseUrl: models.url,
        usdPerMillion: { input: 0, output: 0 },
      })
      await inside('/supervisors', {
        rater: judge.id,
        policy: policies[policy ?? '']?.id,
        roles: ['rater'],
        reason: 'It runs this policy.',
      })
    }
    const { items: supervisors } = await inside('/supervisors')
    /** @param {string} rater @param {string} policy */
    const supervise = async (rater, policy) => {
      const { raterId } = supervisors.find((/** @type {{ rater: string }} */ one) => one.rater === rater)
      let run = await inside(`/supervisors/${raterId}/runs`, { policy: policies[policy]?.id, rubric })
      const until = Date.now() + WAIT_MS_MAX
      while (run.state !== 'done') {
        if (Date.now() > until) throw new Error(`the run of ${rater} did not end: ${JSON.stringify(run)}`)
        await new Promise((resolve) => setTimeout(resolve, 300))
        run = await inside(`/judges/runs/${run.id}`)
      }
    }
    const people = { inside, rubric }
    await answer(people, [...(policies.v1?.episodes ?? []), ...(policies.v2?.episodes ?? [])])
    const truth = { kind: 'criterion', rubric, labelError: 'differential', secondLookShare: 0.5 }
    const completed = await inside('/releases', { agent: 'desk', baseline: 'v1', candidate: 'v2', truth })
    await supervise('one', 'v2')
    const view = await inside(`/releases/${completed.id}/check`, {})
    await inside(`/releases/${completed.id}/approve`, {
      checkId: view.proposal?.checkId,
      reason: 'Read the evidence.',
    })

    const sound = (policies.v3?.episodes ?? []).filter(({ failed }) => !failed).slice(0, 6)
    const { planted } = await inside('/planted-faults', {
      rubric,
      criterion: 'root',
      operator: 'invent-fact',
      value: 'no',
      episodes: sound.map(({ id }) => id),
    })
    for (const { id } of planted)
      await inside(`/planted-faults/${id}/review`, { accepted: true, reason: 'A fault.' })
    const open = await inside('/releases', { agent: 'desk', baseline: 'v2', candidate: 'v3', truth })
    await supervise('two', 'v3')
    await answer(people, policies.v3?.episodes ?? [])
    await inside(`/releases/${open.id}/check`, {})
    return { home, completed: completed.id, open: open.id }
  } finally {
    models.close()
  }
}

/** @typedef {{ id: string, failed: boolean }} Episode */
/** @typedef {(path: string, json?: unknown, method?: 'POST' | 'PUT') => Promise<any>} Ask */

/**
 * @param {{ request: import('playwright-core').APIRequestContext, url: string, slug: string, inside: Ask }} api
 * @param {{ name: string, rate: number, family: string }} policy
 */
async function policyOf({ request, url, slug, inside }, { name, rate, family }) {
  const { id } = await inside('/policies', { agent: 'desk', name, config: { family } })
  const lines = Array.from({ length: UNITS }, (_, unit) => {
    const failed = ((unit * 37 + name.length * 11) % 100) / 100 < rate
    const content = `Order ${unit} of ${name}: ${failed ? 'nothing' : 'all of it'} has been sent as you asked. END`
    return JSON.stringify({
      taskKey: `t${unit}`,
      steps: [
        { kind: 'user', content: 'Where is it?' },
        { kind: 'assistant', content },
      ],
    })
  })
  const sent = await request.post(`${url}/api/projects/${slug}/episodes/import?policyId=${id}`, {
    headers: { origin: url, 'content-type': 'application/octet-stream' },
    data: lines.join('\n'),
  })
  if (!sent.ok()) throw new Error(`import: ${sent.status()} ${await sent.text()}`)
  const episodes = []
  for (let cursor = ''; ; ) {
    const page = await inside(`/episodes?policy=${name}&limit=100${cursor}`)
    episodes.push(...page.items)
    if (page.nextCursor === null) break
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`
  }
  return {
    id,
    episodes: episodes.map((/** @type {{ id: string, taskKey?: string, unitKey?: string }} */ one) => {
      const unit = Number(/(\d+)$/.exec(one.taskKey ?? one.unitKey ?? '')?.[1])
      return { id: one.id, failed: ((unit * 37 + name.length * 11) % 100) / 100 < rate }
    }),
  }
}

/**
 * Two people who are always right, one of them an expert.
 *
 * @param {{ inside: Ask, rubric: string }} api
 * @param {Episode[]} episodes
 */
async function answer({ inside, rubric }, episodes) {
  for (const [rater, tier] of [
    ['Ada Example', 'vetted'],
    ['Eva Example', 'expert'],
  ]) {
    await inside('/ratings', {
      rubric,
      ratings: episodes.map(({ id, failed }) => ({
        episodeId: id,
        criterion: 'root',
        rater,
        answer: { kind: 'answered', value: failed ? 'no' : 'yes' },
        sourceKey: `${rater} ${id}`,
      })),
    })
    const { items } = await inside('/raters')
    const { id } = items.find((/** @type {{ name: string }} */ one) => one.name === rater)
    await inside(`/raters/${id}/tier`, { tier, reason: 'Made up.' })
  }
}

/** Shadow alone: to leave it is to complete the release, and asks for supervision. */
function ladder() {
  return {
    name: 'supervised',
    stages: [
      {
        name: 'shadow',
        autonomy: 'shadow',
        exposure: 0,
        reviewed: 1,
        region: { horizonSteps: 100, stakes: 'reversible' },
        supervision: SUPERVISION,
      },
    ],
  }
}

/** Says "no" where nothing was sent, or where something stands behind the end of the message. */
async function modelServer() {
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const piece of incoming) body += piece
    const text = JSON.parse(body)
      .messages.map((/** @type {{ content: string }} */ one) => one.content)
      .join('\n')
    const isFault = /nothing has been sent as you asked|as you asked\. END[^\n\S]+\S/.test(text)
    const content = JSON.stringify({
      reason: 'scripted',
      steps: [1],
      claims: [],
      answer: isFault ? 'no' : 'yes',
    })
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
      }),
    )
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}/v1`, close: () => server.close() }
}
