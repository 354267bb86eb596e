/// <reference lib="dom" />
// What no page may show, measured in the page itself.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const TAB_STOPS_MAX = 40

/** Text that means a value was printed without being looked at. */
export const RAW_TEXT =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{40,}\b|\bundefined\b|\bNaN\b|\[object Object\]|\bInvalid Date\b|\bInfinity\b/i

/**
 * @param {import('playwright-core').Page} page
 * @param {{ focusRings: boolean }} options
 * @returns {Promise<string[]>} one line a problem
 */
export async function probePage(page, { focusRings }) {
  const problems = []
  const overflow = await page.evaluate(findOverflow)
  if (overflow !== null) problems.push(`wider than the window by ${overflow.by} px: ${overflow.what}`)
  const overlapping = await page.evaluate(findOverlappingRows)
  if (overlapping !== null) problems.push(`rows overlap: ${overlapping}`)
  // Not textContent: what is not rendered is not read.
  // biome-ignore lint/performance/useDomNodeTextContent: see above
  const raw = RAW_TEXT.exec(await page.evaluate(() => document.body.innerText))
  if (raw !== null) problems.push(`raw text on the page: ${raw[0]}`)
  problems.push(...(await runAxe(page)))
  if (focusRings) problems.push(...(await findMissingRings(page)))
  return problems
}

/** @param {import('playwright-core').Page} page */
async function runAxe(page) {
  // Evaluated by the debugger, which the page's content policy does not bind.
  await page.evaluate(axeSource)
  const found = /** @type {{ id: string, impact: string, help: string, target: string }[]} */ (
    await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map((one) => (
        { id: one.id, impact: one.impact, help: one.help, target: one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ') }
      )))`,
    )
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, target }) => `axe ${id}: ${help} (${target})`)
}

/**
 * Walks with Tab and looks whether each stop can be seen.
 *
 * @param {import('playwright-core').Page} page
 */
async function findMissingRings(page) {
  /** @type {Set<string>} */
  const missing = new Set()
  for (let stop = 0; stop < TAB_STOPS_MAX; stop += 1) {
    await page.keyboard.press('Tab')
    const unseen = await page.evaluate(describeUnseenFocus)
    if (unseen === 'end') break
    if (unseen !== null) missing.add(unseen)
  }
  return [...missing].map((what) => `no focus ring: ${what}`)
}

function findOverflow() {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return null
  const widest = [...document.body.querySelectorAll('*')]
    .map((element) => ({ element, right: element.getBoundingClientRect().right }))
    .sort((a, b) => b.right - a.right)[0]?.element
  return { by: scrollWidth - clientWidth, what: widest?.outerHTML.slice(0, 160) ?? 'nothing to be seen' }
}

/** Rows of a list that is longer than the window stand at places of their own, which can be wrong. */
function findOverlappingRows() {
  const rows = [...document.querySelectorAll('[role="treeitem"]')]
    .map((row) => ({ row, box: row.getBoundingClientRect() }))
    .sort((a, b) => a.box.top - b.box.top)
  const at = rows.findIndex(({ box }, place) => {
    const before = rows[place - 1]?.box
    return (
      before !== undefined &&
      before.left < box.right &&
      box.left < before.right &&
      before.bottom > box.top + 1
    )
  })
  return at < 0 ? null : (rows[at]?.row.textContent?.slice(0, 80) ?? '')
}

function describeUnseenFocus() {
  const focused = document.activeElement
  if (focused === null || focused === document.body) return 'end'
  // A hidden input shows its focus on its label.
  const shown = [focused, focused.closest('label')].filter((element) => element !== null)
  const hasRing = shown.some((element) => {
    const style = getComputedStyle(element)
    return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0
  })
  return hasRing ? null : focused.outerHTML.slice(0, 120)
}
