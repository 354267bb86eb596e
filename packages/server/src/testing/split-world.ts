/** A question to people with two parts, sixty episodes, and those who answer. */
import { randomUUID } from 'node:crypto'
import { Committed, NextQuestion } from '@leeway/contract/review'
import { SavedSplit, SplitReport } from '@leeway/contract/splits'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { assignmentPurposes, assignments } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { testDatabase } from './database.ts'
import { giveQuestion } from './give-question.ts'
import { testServer } from './test-server.ts'

export async function splitWorld() {
  const database = await testDatabase()
  const server = await testServer(database.db)
  const { effects, operatorToken: token } = server
  const { db } = effects
  const projectId = server.project.id

  const EPISODES = 60
  const WHOLE = 'Did it do what the customer asked for?'
  const ORDER = 'Is it the order that the customer named?'
  const AMOUNT = 'Is the amount what was paid?'
  const PARTS = [{ question: ORDER }, { question: AMOUNT, guidance: 'See the receipt.' }]

  const path = (rest: string) => `/api/projects/default${rest}`
  const send = async (rest: string, json?: object, method?: string) => {
    const answer = await server.request(path(rest), {
      token,
      ...(json === undefined ? {} : { json }),
      ...(method === undefined ? {} : { method }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const admin = async (rest: string, json?: object, method?: string) => {
    const { status, body } = await send(rest, json, method)
    if (status !== 200) throw new Error(`${rest}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const as = async (cookie: string, rest: string, json?: object) => {
    const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
    return { status: answer.status, body: await answer.json() }
  }
  const next = async (cookie: string) =>
    NextQuestion.parse((await as(cookie, '/review/next', { mode: 'focus' })).body).question
  const commit = (value: string, more: object = {}) => ({
    commitKey: randomUUID(),
    answer: { kind: 'answered', value },
    startedAt: effects.now().toISOString(),
    showsCritique: true,
    showsParts: true,
    ...more,
  })
  const answer = async (cookie: string, assignment: string, body: object) => {
    await giveQuestion(server, cookie, assignment)
    return Committed.parse((await as(cookie, `/review/${assignment}/answer`, body)).body)
  }
  const rules = (more: object) => admin('/splits/rules', more, 'PUT')
  const report = async () => SplitReport.parse(await admin('/splits'))
  const assignmentOf = async (episodeId: string, criterionSha256: string) => {
    const [row] = await db
      .select()
      .from(assignments)
      .where(and(eq(assignments.episodeId, episodeId), eq(assignments.criterionSha256, criterionSha256)))
    return row?.id ?? ''
  }
  const purposesOf = async (assignmentId: string) =>
    (await db.select().from(assignmentPurposes).where(eq(assignmentPurposes.assignmentId, assignmentId))).map(
      ({ purpose }) => purpose,
    )

  /** Answers of somebody who is not under test. */
  const say = async (name: string, criterionSha256: string, values: ReadonlyMap<string, string>) => {
    const rater = await ensureRater(db, effects, projectId, {
      kind: 'human',
      name,
      family: 'people',
      definition: { name },
    })
    await insertRatings(
      db,
      [...values].map(([episodeId, value], at) => ({
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256,
        raterId: rater.id,
        kind: 'answered',
        value,
        comment: `Said by ${name}? No: by what stands there.`,
        evidence: [1],
        flagged: false,
        assistance: 'none',
        supersedes: null,
        commitKey: `${criterionSha256}-${at}`,
        committedAt: effects.now(),
      })),
    )
  }

  const body = Array.from({ length: EPISODES }, (_, index) =>
    episodeLine(
      sampleEpisode(index, {
        steps: [
          sampleStep(0, { content: `Refund order ${index}, please.` }),
          sampleStep(1, { content: 'I refunded it.' }),
        ],
      }),
    ),
  ).join('\n')
  const sent = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const listed = (await admin('/episodes?limit=200')) as { items: readonly { readonly id: string }[] }
  const episodes: readonly string[] = listed.items.map(({ id }) => id)
  const rubric = String(
    (
      await admin('/rubrics', {
        agent: 'desk',
        source: `name: desk\nquestion: ${WHOLE}\nansweredBy: [human]\n`,
      })
    ).id,
  )
  const shown = (await admin(`/rubrics/${rubric}`)) as {
    nodes: readonly { readonly criterion: { readonly sha256: string } }[]
  }
  const whole = shown.nodes[0]?.criterion.sha256 ?? ''
  const split = (more: object = {}) => ({ rubric, criterionSha256: whole, parts: PARTS, ...more })
  await rules({ share: 1 })
  expect(SavedSplit.parse(await admin('/splits', split()))).toMatchObject({
    added: true,
    plan: { kind: 'unknown' },
  })
  expect(SavedSplit.parse(await admin('/splits', split()))).toMatchObject({ added: false })
  const parts: readonly string[] = (await report()).trees[0]?.nodes.slice(1).map(({ sha256 }) => sha256) ?? []
  return {
    server,
    effects,
    db,
    projectId,
    WHOLE,
    ORDER,
    AMOUNT,
    PARTS,
    send,
    admin,
    as,
    next,
    commit,
    answer,
    rules,
    report,
    assignmentOf,
    purposesOf,
    split,
    say,
    episodes,
    rubric,
    whole,
    parts,
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}
