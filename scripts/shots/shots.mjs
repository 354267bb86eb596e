// `npm run shots [-- --url http://… [--link http://…/link#…]] [--out shots] [--only review,critique]`
//
// Visits every route in light and dark at 1280 and 390 pixels, writes the pictures, and fails on what a picture can
// show but nobody should see: console errors, horizontal overflow, serious axe violations, missing focus rings, raw
// ids and "undefined" in the text. Without --url it starts the demo on a temporary data directory; a server of one's own needs LEEWAY_WEBHOOKS_PRIVATE=yes.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium, howToGetChromium } from '../find-chromium.mjs'
import { DAYS_AGO_MS } from './planted-requests.mjs'
import { probePage } from './probe-page.mjs'
import { listScenes } from './scenes.mjs'
import { signInByLink } from './sign-in.mjs'
import { startDemo } from './start-demo.mjs'

const SIZES = [
  { name: '1280', width: 1280, height: 900 },
  { name: '390', width: 390, height: 844 },
]
const SCHEMES = /** @type {const} */ (['light', 'dark'])

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    link: { type: 'string' },
    out: { type: 'string', default: 'shots' },
    only: { type: 'string' },
  },
})
process.exitCode = await main()

async function main() {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.error(howToGetChromium)
    return 2
  }
  const demo =
    values.url === undefined
      ? await startDemo({ env: { LEEWAY_WEBHOOKS_PRIVATE: 'yes' }, clockMs: DAYS_AGO_MS })
      : undefined
  const url = (values.url ?? demo?.url ?? '').replace(/\/$/, '')
  const link = values.link ?? demo?.link
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  const ended = new AbortController()
  try {
    const storageState = await signInByLink(browser, url, link)
    const scenes = (
      await listScenes(browser, url, storageState, { until: ended.signal, moveClock: demo?.moveClock })
    ).filter(
      (scene) =>
        values.only === undefined || values.only.split(',').some((part) => scene.name.includes(part)),
    )
    mkdirSync(values.out, { recursive: true })
    let failures = 0
    for (const size of SIZES) {
      for (const colorScheme of SCHEMES) {
        for (const scene of scenes) {
          failures += await shoot(browser, { url, storageState, scene, size, colorScheme })
        }
      }
    }
    console.log(
      `shots: ${scenes.length * SIZES.length * SCHEMES.length} pictures in ${values.out}, ${failures} problems`,
    )
    return failures === 0 ? 0 : 1
  } finally {
    ended.abort()
    await browser.close()
    await demo?.stop()
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{ url: string, storageState: import('./sign-in.mjs').State, scene: import('./scenes.mjs').Scene,
 *   size: typeof SIZES[number], colorScheme: 'light' | 'dark' }} shot
 * @returns {Promise<number>} how many problems were found
 */
async function shoot(browser, { url, storageState, scene, size, colorScheme }) {
  const context = await browser.newContext({
    viewport: { width: size.width, height: size.height },
    colorScheme,
    reducedMotion: 'reduce',
    ...(scene.signedOut ? {} : { storageState }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  /** @type {string[]} */
  const problems = []
  page.on('console', (message) => {
    // Refusals that a scene provokes on purpose are logged by the browser itself.
    const isExpected = scene.refusals && /Failed to load resource/.test(message.text())
    if (message.type() === 'error' && !isExpected) problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  try {
    await page.goto(url + scene.path)
    await page.waitForSelector(scene.ready ?? 'h1')
    await page.waitForSelector('main [role="status"] .sr-only', { state: 'detached' })
    await scene.act?.(page)
  } catch (error) {
    // The picture below shows what was there instead.
    problems.push(`did not appear: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
  }
  // Rows that are measured after they are drawn have found their places.
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {})
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const file = join(values.out, `${scene.name}-${colorScheme}-${size.name}.png`)
  await page.screenshot({ path: file, fullPage: scene.fullPage ?? true })
  problems.push(...(await probePage(page, { focusRings: colorScheme === 'light' })))
  await context.close()
  for (const problem of problems) console.error(`${scene.name} ${colorScheme} ${size.name}: ${problem}`)
  return problems.length
}
