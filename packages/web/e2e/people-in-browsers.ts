/** A server of the tests' own, and people who use it: each in a browser window of theirs, joined as anybody would be. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IssuedLink, inviteMember } from '@leeway/contract/accounts'
import { type Client, createClient } from '@leeway/contract/client'
import { chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { startServer } from './start-server.ts'

export type People = {
  readonly url: string
  /** An admin's, as a program would call the API. */
  readonly client: (project: string) => Client
  /** The first account: redeems the link that the server printed. */
  readonly admin: (name: string) => Promise<Page>
  /** A new member of the project; whoever joins a second project goes on in the same window. */
  readonly join: (project: string, role: 'rater' | 'auditor', name: string, page?: Page) => Promise<Page>
  /** What the browsers complained of; nothing may. */
  readonly complaints: readonly string[]
  readonly close: () => Promise<void>
}

/** `demo`: with the project of the demo beside the empty one that is called default. */
export async function peopleInBrowsers(options: { readonly demo: boolean }): Promise<People> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  const server = await startServer(options)
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  const token = readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim()
  const client = (project: string) => createClient({ baseUrl: server.url, token, project })
  const complaints: string[] = []
  const open = async (name: string): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${name}: ${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
    return page
  }
  const redeem = async (page: Page, link: string, name: string): Promise<Page> => {
    await page.goto(link)
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('E-mail').fill(`${name.split(' ')[0]?.toLowerCase()}@example.org`)
    await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/p/*')
    return page
  }
  return {
    url: server.url,
    client,
    admin: async (name) => redeem(await open(name), server.link, name),
    join: async (project, role, name, page) => {
      const link = IssuedLink.parse(await client(project).call(inviteMember, { body: { role } }))
      return redeem(page ?? (await open(name)), link.url, name)
    },
    complaints,
    close: async () => {
      await browser.close()
      await server.stop()
    },
  }
}

/** Questions that the person has answered, as the page in view says. */
export const answeredOn = (page: Page) =>
  page.getByRole('progressbar', { name: 'Questions answered' }).getAttribute('aria-valuenow').then(Number)

/** Presses the key of the answer and Enter, and waits until it is saved. */
export async function answerOn(page: Page, key: string): Promise<void> {
  const before = await answeredOn(page)
  await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await expect
    .poll(
      () =>
        page
          .getByText('Nothing waits for you')
          .count()
          .then((none) => (none > 0 ? -1 : answeredOn(page))),
      { timeout: 30_000 },
    )
    .not.toBe(before)
}
