// A project of its own whose candidate answered beside the baseline, and whose answers people have rated: evidence for the stage that
// suggests. All of it is made up.
import { gatewayProject, SUGGESTING } from './gateway-project.mjs'

const PAIRS = 24
/** As the candidate always does; its baseline does it in two of three. */
const REFUND = { tool: 'refund', arguments: { order: 'A10017', amount: 12 } }
const WAIT_MS_MAX = 60_000
const RUBRIC = 'name: desk\nquestion: Is this what should be said or done next?\nansweredBy: [human]\n'

/**
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @returns {Promise<string>} path of the release
 */
export async function pairedAnswers(request, url) {
  const project = await gatewayProject(request, url, 'pairs', 'Answers beside the baseline (made up)')
  const { inside } = project
  await inside('/policies', {
    agent: 'mail',
    name: 'careful-3',
    config: { agent: 'mail', policy: 'careful-3' },
  })
  const { id: rubric } = await inside('/rubrics', { agent: 'mail', source: RUBRIC })
  const truth = { kind: 'criterion', rubric, labelError: 'none' }
  await project.agent('mail', { isBeside: true, truth, stages: SUGGESTING })
  await project.talk(
    'mail',
    PAIRS,
    (at) => `My order was late. ${JSON.stringify({ calls: at % 3 === 0 ? [] : [REFUND] })}`,
  )
  const drawn = await pairsOf(inside)
  project.close()
  await inside('/ratings', {
    rubric,
    ratings: drawn.map((episodeId, at) => ({
      episodeId,
      criterion: 'root',
      rater: 'Ada Example',
      answer: { kind: 'answered', value: at % 7 === 3 ? 'no' : 'yes' },
      sourceKey: `Ada Example ${episodeId}`,
    })),
  })
  const { items } = await inside('/raters')
  const { id } = items.find((/** @type {{ name: string }} */ one) => one.name === 'Ada Example')
  await inside(`/raters/${id}/tier`, { tier: 'vetted', reason: 'Made up.' })
  await inside(`/releases/${project.releases.mail}/check`, {})
  return `${project.path}/releases/${project.releases.mail}`
}

/**
 * Both answers of every pair, once they can be read.
 *
 * @param {import('./gateway-project.mjs').Ask} inside
 * @returns {Promise<string[]>}
 */
async function pairsOf(inside) {
  for (const until = Date.now() + WAIT_MS_MAX; ; ) {
    const { items } = await inside('/episodes?limit=100')
    if (items.length === 2 * PAIRS) return items.map((/** @type {{ id: string }} */ { id }) => id)
    if (Date.now() > until) throw new Error(`${items.length} answers can be read, not ${2 * PAIRS}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
