/** A server of the tests' own with an agent behind its gateway, and a page whose reader may decide about what the agent asks for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '@leeway/contract/client'
import { chromium, type Page } from 'playwright-core'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { deskBehindGateway } from '../../../scripts/shots/held-calls.mjs'
import { signInByLink } from '../../../scripts/shots/sign-in.mjs'
import { startServer } from './start-server.ts'

export type DeskInBrowser = {
  readonly url: string
  readonly desk: Awaited<ReturnType<typeof deskBehindGateway>>
  readonly page: Page
  /** As a program would call the API. */
  readonly client: Client
  /** What the browser complained of; nothing may. */
  readonly complaints: readonly string[]
  readonly close: () => Promise<void>
}

/** `env`: of the server, beside what every server of the tests has. */
export async function deskInBrowser(env: Readonly<Record<string, string>> = {}): Promise<DeskInBrowser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  const server = await startServer({ demo: false, env })
  try {
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      storageState: await signInByLink(browser, server.url, server.link),
    })
    const desk = await deskBehindGateway(context.request, server.url)
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    const close = async () => {
      desk.close()
      await browser.close()
      await server.stop()
    }
    const token = readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim()
    const project = desk.home.replace('/p/', '')
    const client = createClient({ baseUrl: server.url, token, project })
    return { url: server.url, desk, page, client, complaints, close }
  } catch (error) {
    // A browser ends with this process; the server would outlive it.
    await server.stop()
    throw error
  }
}
