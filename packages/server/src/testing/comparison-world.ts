/** Runs by two policies on the same tasks, put to people in pairs. */
import { randomUUID } from 'node:crypto'
import { ComparisonReport, type ComparisonTurn, NextComparison } from '@leeway/contract/comparisons'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { expect } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { testDatabase } from './database.ts'
import { testServer } from './test-server.ts'

export async function comparisonWorld() {
  const database = await testDatabase({ connectionsMax: 12 })
  const server = await testServer(database.db, {
    rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
  })
  const { effects, operatorToken: token, project } = server
  const projectId = project.id

  const MINUTES = 60_000
  const path = (rest: string) => `/api/projects/default${rest}`
  const admin = async (rest: string, json?: object) => {
    const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }
  const as = async (cookie: string, rest: string, json?: object) => {
    const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
    const text = await answer.text()
    return { status: answer.status, text, body: JSON.parse(text) }
  }
  const next = async (cookie: string): Promise<ComparisonTurn | null> =>
    NextComparison.parse((await as(cookie, '/review/comparisons/next', {})).body).comparison
  const commit = (cookie: string, pair: string, more: object = {}) =>
    as(cookie, `/review/comparisons/${pair}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: 'left' },
      startedAt: effects.now().toISOString(),
      ...more,
    })
  const undo = (cookie: string, commitKey: string = randomUUID()) =>
    as(cookie, '/review/comparisons/undo', { commitKey })

  /** Runs of one agent by two policies on the same tasks; those of the second are longer. */
  async function bring(agent: string, tasks: number) {
    for (const [policy, words] of [
      ['plain-v1', 'Done.'],
      ['wordy-v2', 'I have looked into it with great care, and it is done.'],
    ] as const) {
      const lines = Array.from({ length: tasks }, (_, at) =>
        episodeLine(
          sampleEpisode(at, {
            taskKey: `${agent}-${at}`,
            steps: [
              sampleStep(0, { content: `Please look at order ${at}.` }),
              sampleStep(1, { content: words }),
              sampleStep(2, { kind: 'reasoning', content: `Thinking ${policy.length}.` }),
            ],
          }),
        ),
      )
      const sent = await server.request(path(`/episodes/import?agent=${agent}&policy=${policy}`), {
        token,
        body: lines.join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      expect(await sent.text()).not.toContain('"refused":1')
    }
    const source = `name: ${agent}\nquestion: Which run served the customer better?\nscale: pairwise\nansweredBy: [human, model]\n`
    const { id } = (await admin('/rubrics', { agent, source })).body
    const shown = (await admin(`/rubrics/${id}`)).body
    const agents = (await admin('/agents')).body.items as { id: string; name: string }[]
    return {
      rubric: id as string,
      sha256: shown.nodes[0].criterion.sha256 as string,
      agentId: agents.find(({ name }) => name === agent)?.id ?? '',
    }
  }
  type Brought = Awaited<ReturnType<typeof bring>>
  const ask = async ({ rubric }: Brought, more: object = {}) => {
    const { status, body } = await admin('/comparisons', {
      rubric,
      criterion: 'root',
      policies: ['plain-v1', 'wordy-v2'],
      ...more,
    })
    if (status !== 200) throw new Error(JSON.stringify(body))
    return body as { added: number; alike: number }
  }
  const report = async ({ agentId, sha256 }: Brought) =>
    ComparisonReport.parse((await admin(`/comparisons/${agentId}/${sha256}`)).body)
  /** Whose run an alias stands for. */
  const policyOf = async (alias: string): Promise<string> =>
    (await admin(`/episodes/${server.episodeOf(alias)}`)).body.policyName
  return {
    server,
    effects,
    projectId,
    MINUTES,
    admin,
    as,
    next,
    commit,
    undo,
    bring,
    ask,
    report,
    policyOf,
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}
