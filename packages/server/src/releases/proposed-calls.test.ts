/**
 * Candidates under a stage that reviews all: one whose harm people always refuse, so that every conversation ends well, and one
 * whose calls people approve. Agents, people and outcomes over HTTP, as in service.
 */

import type { CheckView } from '@leeway/contract/checks'
import type { HoldList } from '@leeway/contract/holds'
import type { ReleaseView } from '@leeway/contract/releases'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { DEFAULT_GATE } from '@leeway/core/ladder/default-ladder'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { moveRelease } from '../testing/move-release.ts'
import { type TestGateway, testGateway } from '../testing/test-gateway.ts'
import { checks, labels, releases, selections } from './tables.ts'

const UNITS = 40
const GATE = { ...DEFAULT_GATE, margin: 0.5, harmMargin: 0.5, alpha: 0.2, unitsMin: 10 }
const REGION = { horizonSteps: 100, stakes: 'reversible', tools: 'all', klNatsMax: null }

const database = await testDatabase({ connectionsMax: 12 })
const worlds: TestGateway[] = []
afterAll(async () => {
  for (const world of worlds) await world.close()
  await database.close()
})

type Answer = { readonly kind: 'approved' } | { readonly kind: 'denied'; readonly reason: string }

/** What the gate says after all conversations, each of which ended well. */
async function serve(slug: string, answer: Answer | null) {
  const world = await testGateway(database.db, { slug })
  worlds.push(world)
  const { effects, project } = world.server
  const api = async (path: string, json?: unknown) => {
    const answered = await world.server.request(`/api/projects/${slug}${path}`, {
      token: world.adminKey,
      ...(json === undefined ? {} : { json }),
    })
    if (!answered.ok) throw new Error(`${path}: ${answered.status} ${await answered.text()}`)
    return answered.json()
  }
  const cookie = await joinProject(world.server, 'admin', `Ada-${slug}`)
  const stage = (name: string, autonomy: string, exposure: number) => ({
    name,
    autonomy,
    exposure,
    reviewed: 1,
    region: REGION,
    gate: GATE,
  })
  await api('/ladders', {
    agent: 'desk',
    ladder: {
      name: 'two',
      alphaAcrossReleases: 'count',
      stages: [
        stage('shadow', 'shadow', 0),
        stage('try', 'act', 0.5),
        { ...stage('end', 'act', 0.5), reviewed: 0.5 },
      ],
    },
  })
  if (answer === null) await world.contract({ limits: { holdSeconds: 1 } })
  await api('/anchors', { agent: 'desk', policy: 'v1', evidence: 'two years of service' })
  const { id } = (await api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })) as ReleaseView
  const [release] = await database.db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('no release')
  await moveRelease(effects, release, 'promote', { to: 'try' })
  await world.gateway.refresh()
  world.upstream.otherwise(() => ({ text: 'All is well.' }))
  world.candidateUpstream.otherwise(({ body }) =>
    body.messages.at(-1)?.role === 'tool'
      ? { text: 'Then let us do it otherwise. Done.' }
      : { calls: [{ tool: 'refund', arguments: { amount: 50 } }] },
  )
  let isOver = false
  const people = (async () => {
    while (!isOver) {
      const waiting = (await (
        await world.server.request(`/api/projects/${slug}/holds`, { cookie })
      ).json()) as HoldList
      for (const hold of answer === null ? [] : waiting.open)
        await world.server.request(`/api/projects/${slug}/holds/${hold.id}/answer`, { cookie, json: answer })
      await new Promise((done) => setTimeout(done, 20))
    }
  })()
  const talk = async (at: number) =>
    (await world.chat({}, { 'x-leeway-conversation-id': `${slug}-${at}` })).text()
  await Promise.all(Array.from({ length: UNITS }, (_, at) => talk(at)))
  isOver = true
  await people
  await world.gateway.flush()
  effects.advance(11 * 60_000)
  await assembleEpisodes(effects)
  const drawn = await database.db
    .select()
    .from(selections)
    .where(and(eq(selections.projectId, project.id), eq(selections.releaseId, id)))
    .orderBy(asc(selections.sequence))
  for (const [arm, policyId] of [
    ['candidate', release.candidatePolicyId],
    ['baseline', release.baselinePolicyId],
  ] as const) {
    const lines = drawn
      .filter((row) => row.arm === arm)
      .map(({ unitKey }, at) =>
        episodeLine(
          sampleEpisode(at, {
            taskKey: null,
            sessionKey: unitKey.slice('session:'.length),
            outcome: { success: 1, severe: false, detail: null },
          }),
        ),
      )
    await importLines(world, policyId, lines)
  }
  await api(`/releases/${id}/check`, {})
  const view = (await api(`/releases/${id}`)) as ReleaseView
  const frozen = await database.db
    .select({ arm: labels.arm, failure: labels.failure, basis: labels.basis })
    .from(labels)
    .where(eq(labels.releaseId, id))
  const [check] = await database.db
    .select({ id: checks.id, result: checks.result })
    .from(checks)
    .where(eq(checks.releaseId, id))
  return { view, api, id, frozen, check: { id: check?.id, view: check?.result as CheckView } }
}

async function importLines(world: TestGateway, policyId: string, lines: readonly string[]) {
  const answer = await world.server.request(
    `/api/projects/${world.server.project.slug}/episodes/import?agent=desk&policyId=${policyId}`,
    {
      token: world.adminKey,
      body: new Uint8Array(Buffer.from(lines.join('\n'))),
      headers: { 'content-type': 'application/octet-stream' },
    },
  )
  if (!answer.ok) throw new Error(await answer.text())
  await answer.text()
}

test('approved: what came of it counts, and the candidate may go on', async () => {
  const { view, frozen } = await serve('approved', { kind: 'approved' })
  expect(frozen.filter(({ arm }) => arm === 'candidate')[0]).toMatchObject({ failure: 0, basis: 'own' })
  expect(view.verdict).toBe('promote')
})

test('always rescued: what was proposed counts, and the candidate is rolled back by itself', async () => {
  const { view, frozen, api, id, check } = await serve('rescued', { kind: 'denied', reason: 'far too much' })
  const own = frozen.filter(({ arm }) => arm === 'candidate')
  expect(own.length).toBeGreaterThan(8)
  expect(own.every(({ failure, basis }) => failure === 1 && basis === 'refused')).toBe(true)
  const others = frozen.filter(({ arm }) => arm === 'baseline')
  expect(others.length).toBeGreaterThan(8)
  expect(others.every(({ failure }) => failure === 0)).toBe(true)
  expect(view.state).toBe('rolled-back')
  expect(view.decisions.at(-1)?.reach).toMatchObject({ missing: 0 })
  const again = (await api(`/releases/${id}/checks/${check.id}/recompute`)) as { sameRows: boolean }
  expect(again.sameRows).toBe(true)
})

test('nobody answered: the label is missing, and losing labels promotes nobody', async () => {
  const { view, frozen, check } = await serve('asleep', null)
  expect(frozen.filter(({ arm }) => arm === 'candidate')[0]).toMatchObject({ failure: null, basis: 'untold' })
  expect(check.view).toMatchObject({ verdict: 'unhealthy', reason: 'labels-missing' })
  expect(view.stage).toBe('shadow')
})
