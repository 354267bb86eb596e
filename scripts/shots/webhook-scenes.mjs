// Webhooks: one that arrives, one that fails, none, and the form.
import { createServer } from 'node:http'
import { pressed } from './scene-acts.mjs'

/** @typedef {import('./scenes.mjs').Scene} Scene */

/**
 * @param {string} told path of a project with webhooks
 * @param {string} empty path of a project that has none
 * @returns {Scene[]}
 */
export function webhookScenes(told, empty) {
  const path = `${told}/webhooks`
  return [
    { name: 'webhooks', path, ready: 'main li' },
    { name: 'webhooks-add', path, ready: 'main li', fullPage: false, act: pressed('a', 'main form') },
    { name: 'webhooks-remove', path, ready: 'main li', fullPage: false, act: removing },
    { name: 'webhooks-empty', path: `${empty}/webhooks`, ready: 'main section' },
  ]
}

/** @param {import('playwright-core').Page} page */
async function removing(page) {
  await page
    .getByRole('button', { name: /^Remove/ })
    .first()
    .click()
  await page.waitForSelector('dialog[open]')
}

/**
 * Adds webhooks and sends tests to them. The server must allow addresses of this machine.
 *
 * @param {import('playwright-core').APIRequestContext} request signed in as an admin
 * @param {string} url
 * @param {string} project path of the project
 */
export async function tellAddresses(request, url, project) {
  const base = `${url}/api${project.replace('/p/', '/projects/')}/webhooks`
  const listener = createServer((asked, response) => {
    asked.resume()
    response.writeHead(asked.url === '/broken' ? 500 : 204).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address())
  /** @param {string} path @param {unknown} data */
  const post = async (path, data) => {
    const answer = await request.post(`${base}${path}`, { headers: { origin: url }, data })
    if (!answer.ok()) throw new Error(`webhooks${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  for (const [path, shape, events] of /** @type {const} */ ([
    ['/leeway', 'standard', ['hold.opened', 'hold.expired', 'release.rolled_back']],
    ['/broken', 'slack', ['halt.set', 'halt.lifted']],
  ])) {
    const { webhook } = await post('', { url: `http://127.0.0.1:${port}${path}`, shape, events })
    for (let times = 0; times < 2; times += 1) await post(`/${webhook.id}/test`, {})
  }
  listener.close()
}
