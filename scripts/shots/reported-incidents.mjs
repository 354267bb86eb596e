// A project of its own whose candidate did harm: one incident rolled it back, another is closed. All of it is made up.
import { newProject } from './new-project.mjs'

const RUBRIC = 'name: desk\nquestion: Did it refund once, and to the card that paid?\n'

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<{ home: string, incident: string, episode: string, fresh: string, release: string }>}
 */
export async function reportedIncidents(request, url) {
  const slug = 'incidents'
  const inside = await newProject(request, url, { slug, name: 'Incidents (made up)' })
  for (const name of ['v1', 'v2']) {
    const { id } = await inside('/policies', { agent: 'desk', name, config: { prompt: name } })
    if (name === 'v1')
      await inside('/contracts', {
        agent: 'desk',
        baseline: 'v1',
        tools: [{ name: 'refund', stakes: 'reversible' }],
        grant: { withoutReview: 0.5 },
        reason: 'Made up.',
      })
    const sent = await request.post(`${url}/api/projects/${slug}/episodes/import?policyId=${id}`, {
      headers: { origin: url, 'content-type': 'application/octet-stream' },
      data: [1, 2].map((unit) => JSON.stringify(episode(unit))).join('\n'),
    })
    if (!sent.ok()) throw new Error(`import: ${sent.status()} ${await sent.text()}`)
  }
  const { id: rubric } = await inside('/rubrics', { agent: 'desk', source: RUBRIC })
  const { nodes } = await inside(`/rubrics/${rubric}`)
  const release = await inside('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })
  const { items: old } = await inside('/episodes?policy=v1')
  const { items } = await inside('/episodes?policy=v2')
  const minor = await inside('/incidents', {
    episode: old[0].id,
    severity: 'minor',
    reason: 'It greeted the customer by the name of another one.',
  })
  await inside(`/incidents/${minor.id}/close`, { reason: 'The name came from the shop, not from the agent.' })
  const major = await inside('/incidents', {
    episode: items[0].id,
    severity: 'major',
    reason: 'It refunded order A-1041 twice, the second time to a card that never paid for it.',
    violated: { criterionSha256: nodes[0].criterion.sha256, value: 'no' },
  })
  return {
    home: `/p/${slug}`,
    incident: major.id,
    episode: items[0].id,
    fresh: items[1].id,
    release: release.id,
  }
}

/** @param {number} unit */
function episode(unit) {
  return {
    taskKey: `order-${unit}`,
    instructions: 'Help customers whose order came late. Refund an order once, to the card that paid.',
    steps: [
      { kind: 'user', content: 'Order A-1041 was two weeks late, and I want my money back.' },
      {
        kind: 'tool_call',
        name: 'refund',
        callId: 'c1',
        content: { order: 'A-1041', amount: 20, card: '77' },
      },
      { kind: 'tool_result', name: 'refund', callId: 'c1', content: 'refunded' },
      { kind: 'assistant', content: 'I have refunded 20 EUR to the card ending in 77.' },
    ],
    outcome: { success: 1, severe: false },
  }
}
