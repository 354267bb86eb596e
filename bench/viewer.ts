/**
 * How smooth the step viewer stays on a long episode: frames while it is scrolled from top to bottom, beside the same
 * scroll through a short episode in the same run.
 *
 *     npm run bench -- bench/viewer.ts [--steps 10000] [--rounds 3]
 *
 * Needs a built page (npm run build) and a Chromium.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { issueAdminLink } from '@leeway/contract/accounts'
import { listEpisodes } from '@leeway/contract/episodes'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startKillable } from '../lab/crash/killable-server.ts'
import { findChromium, howToGetChromium } from '../scripts/find-chromium.mjs'
import { signInByLink } from '../scripts/shots/sign-in.mjs'

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
  },
})
const SHORT_STEPS = 100
/** Frames of one scroll: each moves by the same number of pixels, so both episodes do the same work a frame. */
const FRAMES = 240
const PIXELS_A_FRAME = 400

type Measured = {
  readonly firstRowMs: number
  readonly medianMs: number
  readonly p95Ms: number
  readonly maxMs: number
}

const executablePath = findChromium()
if (executablePath === undefined) throw new Error(howToGetChromium)
const dataDir = mkdtempSync(join(tmpdir(), 'leeway-bench-viewer-'))
const server = await startKillable(dataDir)
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
})
try {
  const { url: link } = await server.client.call(issueAdminLink, { body: {} })
  const base = new URL(link).origin
  const storageState = await signInByLink(browser, base, link)
  const long = await importEpisode(Number(flags.steps))
  const short = await importEpisode(SHORT_STEPS)
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}`,
  )
  console.log(
    '| steps | first row ms | frame median ms | frame p95 ms | longest frame ms |\n|---|---|---|---|---|',
  )
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const [steps, id] of [
      [SHORT_STEPS, short],
      [Number(flags.steps), long],
    ] as const) {
      const m = await measure(browser, storageState, `${base}/p/default/episodes/${id}`)
      console.log(
        `| ${steps} | ${[m.firstRowMs, m.medianMs, m.p95Ms, m.maxMs].map((value) => value.toFixed(1)).join(' | ')} |`,
      )
    }
} finally {
  await browser.close()
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Its id. Every third step is a tool call with its result, as agents' episodes are. */
async function importEpisode(stepCount: number): Promise<string> {
  const steps = Array.from({ length: stepCount }, (_, ordinal) => {
    const call = `call-${Math.floor(ordinal / 3)}`
    if (ordinal % 3 === 1)
      return {
        kind: 'tool_call',
        name: 'find_order',
        callId: call,
        content: { order: ordinal, why: 'asked' },
      }
    if (ordinal % 3 === 2)
      return {
        kind: 'tool_result',
        name: 'find_order',
        callId: call,
        content: { state: 'sent', items: [1, 2, 3] },
      }
    return {
      kind: 'assistant',
      content: `Step ${ordinal}: ${'looks at the order and says what it found. '.repeat(5)}`,
    }
  })
  const line = JSON.stringify({
    taskKey: `long-${stepCount}`,
    instructions: 'Work through all orders.',
    steps,
  })
  const answer = await server.client.send(
    `/api/projects/default/episodes/import?agent=viewer&policy=steps-${stepCount}`,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: line },
  )
  await answer.text()
  const { items } = await server.client.call(listEpisodes, { query: { policy: `steps-${stepCount}` } })
  const [episode] = items
  if (episode === undefined) throw new Error(`the episode of ${stepCount} steps was not imported`)
  return episode.id
}

async function measure(
  from: Browser,
  storageState: Awaited<ReturnType<typeof signInByLink>>,
  url: string,
): Promise<Measured> {
  const context = await from.newContext({ storageState, viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  try {
    const startedMs = performance.now()
    await page.goto(url)
    await page.waitForSelector('[role="treeitem"]')
    const firstRowMs = performance.now() - startedMs
    const frames = await scrollFrames(page)
    const sorted = [...frames].sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return { firstRowMs, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
  } finally {
    await context.close()
  }
}

/** Milliseconds of every frame while the list is moved; it turns round at its end. */
function scrollFrames(page: Page): Promise<readonly number[]> {
  return page.evaluate(
    async ({ count, pixels }) => {
      let list: Element | null = document.querySelector('[role="tree"]')
      while (list !== null && list.scrollHeight <= list.clientHeight + 1) list = list.parentElement
      const target = list ?? document.scrollingElement
      if (target === null) throw new Error('nothing scrolls')
      const frames: number[] = []
      let direction = 1
      let before = performance.now()
      for (let frame = 0; frame < count; frame++) {
        if (target.scrollTop + target.clientHeight >= target.scrollHeight - 1) direction = -1
        else if (target.scrollTop <= 0) direction = 1
        target.scrollTop += direction * pixels
        await new Promise((done) => requestAnimationFrame(done))
        const now = performance.now()
        frames.push(now - before)
        before = now
      }
      return frames
    },
    { count: FRAMES, pixels: PIXELS_A_FRAME },
  )
}
