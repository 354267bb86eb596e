// Every route, and the states of it that are worth a picture.
import { agentsBehindGateway, haltedAgents } from './agents-behind-gateway.mjs'
import { alertedAgents } from './alerted-agents.mjs'
import { compareScenes } from './compare-scenes.mjs'
import { contractScenes } from './contract-scenes.mjs'
import { episodeScenes } from './episode-scenes.mjs'
import { gatewayScenes } from './gateway-scenes.mjs'
import { heldCalls } from './held-calls.mjs'
import { holdScenes, plantedScenes } from './hold-scenes.mjs'
import { incidentScenes } from './incident-scenes.mjs'
import { pairedAnswers } from './paired-answers.mjs'
import { plantedRequests } from './planted-requests.mjs'
import { raterScenes } from './rater-scenes.mjs'
import { releaseScenes } from './release-scenes.mjs'
import { reportedIncidents } from './reported-incidents.mjs'
import { reviewScenes } from './review-scenes.mjs'
import { rollbackScenes } from './rollback-scenes.mjs'
import { rubricScenes } from './rubric-scenes.mjs'
import { pressed } from './scene-acts.mjs'
import { studyScenes } from './study-scenes.mjs'
import { supervisedRelease } from './supervised-release.mjs'
import { watchedPolicy } from './watched-policy.mjs'
import { tellAddresses, webhookScenes } from './webhook-scenes.mjs'

/**
 * @typedef {object} Scene
 * @property {string} name file name of the picture
 * @property {string} path
 * @property {string} [ready] selector that says the page is there
 * @property {boolean} [signedOut]
 * @property {boolean} [refusals] the scene provokes answers that are refusals
 * @property {boolean} [fullPage] default true
 * @property {(page: import('playwright-core').Page) => Promise<void>} [act]
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('./sign-in.mjs').State} storageState
 * @param {{ until: AbortSignal, moveClock: ((clockMs: number) => Promise<void>) | undefined }} server `until`: the agents whose calls wait
 *   are there until then; `moveClock`: of a server whose clock is at `DAYS_AGO_MS`, afterwards it is right
 * @returns {Promise<Scene[]>}
 */
export async function listScenes(browser, url, storageState, { until, moveClock }) {
  const context = await browser.newContext({ storageState })
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForURL('**/p/*')
  const home = new URL(page.url()).pathname
  /** @param {string} path */
  const ask = async (path) =>
    (await context.request.get(`${url}/api/projects/${home.split('/')[2]}/${path}`)).json()
  const { agents } = await ask('overview')
  const { items } = await ask('episodes?limit=50')
  const { items: rubrics } = await ask('rubrics')
  const { items: raters } = await ask('raters')
  const { items: known } = await ask('gold')
  const { items: answers } = await ask(`ratings?rater=${raters.find(hasAnswered)?.id}&limit=200`)
  /** @typedef {{ episodeId: string }} About */
  const knownIds = new Set(known.map((/** @type {About} */ { episodeId }) => episodeId))
  // Whose answer is known may come before whoever takes the pictures, who can then not be its critic.
  const answered = answers.find((/** @type {About} */ { episodeId }) => !knownIds.has(episodeId))?.episodeId
  // First, since it is of days ago.
  const planted = moveClock === undefined ? undefined : await plantedRequests(context.request, url, moveClock)
  const alerted = await alertedAgents(context.request, url)
  const supervised = await supervisedRelease(context.request, url)
  const held = await heldCalls(context.request, url, until)
  const traffic = await agentsBehindGateway(context.request, url)
  await tellAddresses(context.request, url, traffic.path)
  const halted = await haltedAgents(context.request, url)
  const incidents = await reportedIncidents(context.request, url)
  const watched = await watchedPolicy(context.request, url)
  const paired = await pairedAnswers(context.request, url)
  await alerted.isAlerted()
  await context.close()
  return [
    { name: 'overview', path: home },
    ...releaseScenes(home, agents, supervised),
    ...episodeScenes(home, items, answered),
    ...holdScenes(held, supervised.home),
    ...(planted === undefined ? [] : plantedScenes(planted)),
    ...gatewayScenes({ traffic, alerted, paired }, { home, empty: supervised.home }),
    ...contractScenes(traffic.path, supervised.home),
    ...webhookScenes(traffic.path, supervised.home),
    ...rollbackScenes(traffic, halted),
    ...incidentScenes(incidents),
    { name: 'release-watched', path: watched, ready: '[role="slider"] svg' },
    ...reviewScenes(home, answered),
    ...compareScenes(home),
    ...studyScenes(home),
    ...rubricScenes(home, rubrics[0]?.id),
    ...raterScenes(home, raters.find(isSimulated)?.id ?? raters[0]?.id),
    { name: 'import', path: `${home}/import` },
    { name: 'ledger', path: `${home}/ledger` },
    { name: 'people', path: `${home}/people` },
    { name: 'keys', path: home, fullPage: false, act: pressed('?', 'dialog[open]') },
    { name: 'palette', path: home, fullPage: false, act: pressed('.', 'dialog[open]') },
    { name: 'not-found', path: '/nothing-here' },
    { name: 'error', path: `${home}/releases/${'0'.repeat(36)}`, ready: '[role="alert"]', refusals: true },
    { name: 'sign-in', path: '/sign-in', signedOut: true, refusals: true },
    { name: 'link', path: '/link#no-such-token', signedOut: true, refusals: true },
  ]
}

/** @param {{ name: string }} rater one of those whom the demo has made answer */
function isSimulated({ name }) {
  return name.includes('(simulated)')
}

/** @param {{ name: string }} rater one of those whom the demo has made answer, and not about what others are still asked */
function hasAnswered({ name }) {
  return name === 'Tariq (simulated)'
}
