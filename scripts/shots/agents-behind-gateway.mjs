// Projects of their own with agents behind the gateway: one whose traffic is split as it was drawn, one whose candidate has no price
// under a spending limit, so that all its conversations fall to the baseline, others without a release, rolled back, halted, or asked
// beside the baseline. All made up.
import { gatewayProject } from './gateway-project.mjs'

const WAIT_MS_MAX = 60_000
const CONVERSATIONS = 48
const BESIDE = 12
const MAIL_CALLS = [
  { tool: 'refund', arguments: { order: 'A10017', amount: 12 } },
  { tool: 'refund', arguments: { order: 'A10018', amount: 20 } },
  { tool: 'find_order', arguments: { order: 'A10017' } },
]
/** @typedef {import('./gateway-project.mjs').Behind} Behind */

/**
 * Three agents of which two have traffic, two whose candidates were rolled back, by the gate and by hand with traffic, and one whose
 * candidate is asked beside the baseline, and always wants to refund.
 *
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<Behind>}
 */
export async function agentsBehindGateway(request, url) {
  const project = await gatewayProject(request, url, 'traffic', 'Agents behind the gateway (made up)')
  await project.agent('desk', {})
  await project.agent('billing', { isPriced: false, limits: { usdPerDay: 20 } })
  await project.agent('kiosk', { isReleased: false })
  await project.agent('shipping', { failing: 1 })
  await project.agent('returns', {})
  await project.agent('mail', { isBeside: true })
  for (const agent of ['desk', 'billing', 'returns']) await project.talk(agent, CONVERSATIONS)
  await project.inside(`/releases/${project.releases.returns}/rollback`, {
    reason: 'It promised two customers a refund that nobody had asked for.',
  })
  await project.talk(
    'mail',
    BESIDE,
    (at) => `Please. ${JSON.stringify({ calls: [MAIL_CALLS[at % MAIL_CALLS.length]] })}`,
  )
  // What is asked beside the baseline is asked behind its answer.
  for (const until = Date.now() + WAIT_MS_MAX; Date.now() < until; )
    if ((await project.inside(`/releases/${project.releases.mail}/shadow`)).turns === BESIDE) break
  project.close()
  return { path: project.path, releases: project.releases }
}

/**
 * One agent whose candidate acts, halted under way.
 *
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<Behind>}
 */
export async function haltedAgents(request, url) {
  const project = await gatewayProject(request, url, 'halted', 'Halted (made up)')
  await project.agent('desk', {})
  await project.talk('desk', CONVERSATIONS)
  await project.inside('/gateway/halt', {
    halted: true,
    reason: 'The provider changed its model over night.',
  })
  project.close()
  return { path: project.path, releases: project.releases }
}
