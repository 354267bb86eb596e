// A project of its own whose promoted policy breaks its promise. All of it is made up.
import { newProject } from './new-project.mjs'

const UNITS = 200
const WAIT_MS_MAX = 120_000

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<string>} path of the release
 */
export async function watchedPolicy(request, url) {
  const slug = 'watched'
  const inside = await newProject(request, url, { slug, name: 'Watched (made up)' })
  /** @param {string} policyId @param {string} name @param {number} count @param {number} ofTen how many of ten fail */
  const send = async (policyId, name, count, ofTen) => {
    const sent = await request.post(`${url}/api/projects/${slug}/episodes/import?policyId=${policyId}`, {
      headers: { origin: url, 'content-type': 'application/octet-stream' },
      data: Array.from({ length: count }, (_, unit) =>
        JSON.stringify(episode(`${name}-${unit}`, (unit * 7) % 10 < ofTen)),
      ).join('\n'),
    })
    if (!sent.ok()) throw new Error(`import: ${sent.status()} ${await sent.text()}`)
  }
  /** @type {Record<string, string>} */
  const ids = {}
  for (const name of ['v1', 'v2']) {
    ids[name] = (await inside('/policies', { agent: 'desk', name, config: { prompt: name } })).id
    await send(ids[name] ?? '', 'order', UNITS, 2)
  }
  await inside('/ladders', { agent: 'desk', ladder: ladder() })
  await inside('/anchors', { agent: 'desk', policy: 'v1', evidence: 'Made up: years of use.' })
  const { id } = await inside('/releases', { agent: 'desk', baseline: 'v1', candidate: 'v2' })
  const { proposal } = await inside(`/releases/${id}`)
  await inside(`/releases/${id}/approve`, { checkId: proposal.checkId, reason: 'Read the evidence.' })
  /** @param {(watch: { alarms: unknown[] } | null) => boolean} isThere */
  const until = async (isThere) => {
    for (const end = Date.now() + WAIT_MS_MAX; ; ) {
      if (isThere((await inside(`/releases/${id}/watch`)).watch)) return
      if (Date.now() > end) throw new Error('the watch says nothing')
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  await until((watch) => watch !== null)
  await send(ids.v2 ?? '', 'later', 60, 6)
  await until((watch) => (watch?.alarms.length ?? 0) > 0)
  return `/p/${slug}/releases/${id}`
}

/** @param {string} taskKey @param {boolean} failed */
function episode(taskKey, failed) {
  return {
    taskKey,
    steps: [
      { kind: 'user', content: 'Where is my order?' },
      { kind: 'assistant', content: failed ? 'I do not know.' : 'It left us this morning.' },
    ],
    outcome: { success: failed ? 0 : 1, severe: false },
  }
}

/** Shadow alone: to leave it is to complete the release. */
function ladder() {
  return {
    name: 'short',
    stages: [
      {
        name: 'shadow',
        autonomy: 'shadow',
        exposure: 0,
        reviewed: 1,
        region: { horizonSteps: 100, stakes: 'reversible' },
        gate: { margin: 0.1, harmMargin: 0.1 },
      },
    ],
  }
}
