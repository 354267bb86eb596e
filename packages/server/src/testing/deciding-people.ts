/** Two admins who decide about the held calls of an agent that wants to refund something. */
import type { HoldList, HoldView } from '@leeway/contract/holds'
import { expect } from 'vitest'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { drawRequests } from '../planted-requests/draw-requests.ts'
import { joinProject } from './join-project.ts'
import type { TestGateway } from './test-gateway.ts'

export const ASKED = { role: 'user', content: 'Refund 20 for my order, it was late.' }
const MINUTE = 60_000

export function askForRefund({ upstream }: Pick<TestGateway, 'upstream'>): void {
  upstream.otherwise(({ body }) =>
    body.messages.at(-1)?.role === 'tool'
      ? { text: 'Then not.' }
      : { text: 'I refund it. ', calls: [{ tool: 'refund', arguments: { amount: 20 } }] },
  )
}

export async function decidingPeople(world: TestGateway) {
  const { effects, project } = world.server
  const ada = await joinProject(world.server, 'admin', 'Ada')
  const grace = await joinProject(world.server, 'admin', 'Grace')
  const api = (path: string, json?: unknown, as = ada) =>
    world.server.request(`/api/projects/${project.slug}${path}`, {
      cookie: as,
      ...(json === undefined ? {} : { json }),
    })
  const listed = async (as = ada) => (await (await api('/holds', undefined, as)).json()) as HoldList
  const shown = async (id: string) => (await (await api(`/holds/${id}`)).json()) as HoldView
  const decide = (id: string, json: object = { kind: 'approved' }, as = ada) =>
    api(`/holds/${id}/answer`, json, as)
  /** An agent asks and waits. */
  async function ask(messages: readonly object[] = [ASKED]) {
    const known = new Set((await listed()).open.map(({ id }) => id))
    const answer = world.chat({ messages }).then((response) => response.text())
    let id = ''
    await expect
      .poll(async () => {
        id = (await listed()).open.find((one) => !known.has(one.id))?.id ?? ''
        return id
      })
      .not.toBe('')
    return { answer, id }
  }
  async function askAndApprove(as = ada, messages?: readonly object[]) {
    const { answer, id } = await ask(messages)
    expect((await decide(id, { kind: 'approved', lookedMs: 5_000 }, as)).status).toBe(200)
    await answer
    return id
  }
  return {
    ada,
    grace,
    api,
    listed,
    shown,
    decide,
    ask,
    askAndApprove,
    /** Calls that were approved become episodes: what copies are made of. */
    recorded: async (many: number) => {
      for (let at = 0; at < many; at++) await askAndApprove(grace)
      await world.gateway.flush()
      effects.advance(11 * MINUTE)
      await assembleEpisodes(effects)
    },
    /** Where the delay that was drawn is over, and whoever decided is still there. */
    drawNow: async () => {
      effects.advance(151_000)
      await drawRequests(effects)
    },
  }
}
