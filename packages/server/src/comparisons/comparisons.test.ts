/** Pairs put to people over HTTP: what they are told, who gets what, what is recorded, and what it comes to. */
import { randomUUID } from 'node:crypto'
import {
  type ComparisonTurn,
  ComparisonUndone,
  NextComparison,
  PreferencePage,
} from '@leeway/contract/comparisons'
import { RaterList } from '@leeway/contract/raters'
import { SetVettingRules } from '@leeway/contract/vetting'
import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { metAnywhere } from '../planted-faults/met-anywhere.ts'
import { createProject } from '../projects/create-project.ts'
import { startRelease } from '../releases/start-release.ts'
import { comparisonWorld } from '../testing/comparison-world.ts'
import { joinProject } from '../testing/join-project.ts'
import { setVettingRules } from '../vetting/rules.ts'
import { comparisonAnswers, comparisonDraws, comparisonPairs } from './tables.ts'

const {
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
  close,
} = await comparisonWorld()
afterAll(close)
type Brought = Awaited<ReturnType<typeof bring>>

describe('three pairs, each to be answered by one person', () => {
  let desk: Brought
  let ada = ''
  let ben = ''
  beforeAll(async () => {
    ada = await joinProject(server, 'rater', 'Ada')
    ben = await joinProject(server, 'rater', 'Ben')
    desk = await bring('desk', 3)
    expect(await ask(desk)).toMatchObject({ added: 3, alike: 0 })
  })

  test('a rater is told the question, two aliases and its own progress, and nothing else', async () => {
    const { text, body } = await as(ada, '/review/comparisons/next', {})
    expect(Object.keys(body)).toEqual(['comparison', 'progress', 'round'])
    expect(Object.keys(body.comparison).sort()).toEqual(
      ['guidance', 'guidanceVersion', 'guidelines', 'left', 'pairId', 'question', 'right'].sort(),
    )
    expect(Object.keys(body.comparison.left)).toEqual(['episodeId'])
    for (const secret of ['plain-v1', 'wordy-v2', 'task', 'unit', 'known', 'policy', 'length', 'desk-'])
      expect(text).not.toContain(secret)
    // A UUID of version 8 or 4: neither tells when something was imported or asked.
    expect(body.comparison.left.episodeId.charAt(14)).toBe('8')
    expect(body.comparison.pairId.charAt(14)).toBe('4')
    expect(body.progress).toEqual({ answered: 0, total: 3, secondsAnAnswer: null })
    expect((await as(ada, '/review/comparisons')).body).toEqual(body.progress)
    expect((await as(ada, '/review/comparisons/next', {})).text).toBe(text)
    // The order of the sides is a draw of its own, on record before the answer.
    const [drawn] = await effects.db.select().from(comparisonDraws)
    expect(server.aliasOf(drawn?.leftEpisodeId ?? '')).toBe(body.comparison.left.episodeId)
  })

  test('what she is at goes to nobody else until her time is over', async () => {
    const hers = await next(ada)
    const others = new Set<string>()
    for (const value of ['left', 'right']) {
      const one = await next(ben)
      others.add(one?.pairId ?? '')
      expect((await commit(ben, one?.pairId ?? '', { answer: { kind: 'answered', value } })).status).toBe(200)
    }
    expect(others).not.toContain(hers?.pairId)
    expect(await next(ben)).toBeNull()
    effects.advance(16 * MINUTES)
    const hisToo = await next(ben)
    expect(hisToo?.pairId).toBe(hers?.pairId)
    // She was shown it, and may still answer: her work is not lost.
    expect((await commit(ada, hers?.pairId ?? '')).status).toBe(200)
    expect((await commit(ben, hisToo?.pairId ?? '')).status).toBe(200)
    expect(await next(ben)).toBeNull()
    expect(await next(ada)).toBeNull()
  })

  test('an answer is given once: the same commit is the same answer, another one is refused', async () => {
    const [own] = await effects.db
      .select()
      .from(comparisonAnswers)
      .orderBy(asc(comparisonAnswers.id))
      .limit(1)
    const same = { commitKey: own?.commitKey, answer: { kind: 'answered', value: own?.value } }
    expect((await commit(ben, own?.pairId ?? '', same)).body.answerId).toBe(own?.id)
    const other = { ...same, answer: { kind: 'answered', value: 'equal' } }
    expect((await commit(ben, own?.pairId ?? '', other)).status).toBe(422)
    expect((await commit(ben, own?.pairId ?? '')).body.detail).toContain('answered this pair already')
  })

  test('undo is a row of its own, and the sides stay when the pair is answered again', async () => {
    const before = await effects.db.select().from(comparisonAnswers)
    const key = randomUUID()
    const undone = ComparisonUndone.parse((await undo(ben, key)).body)
    expect(ComparisonUndone.parse((await undo(ben, key)).body).comparison).toEqual(undone.comparison)
    expect((await next(ben))?.pairId).toBe(undone.comparison.pairId)
    expect(await next(ben)).toEqual(undone.comparison)
    const again = { answer: { kind: 'abstained', reason: 'too-hard' }, flagged: true, comment: 'Both odd.' }
    expect((await commit(ben, undone.comparison.pairId, again)).status).toBe(200)
    const after = await effects.db.select().from(comparisonAnswers)
    expect(after).toHaveLength(before.length + 2)
    expect(after.filter(({ id }) => before.some((one) => one.id === id))).toEqual(before)
    expect(after.slice(-2).map(({ kind }) => kind)).toEqual(['withdrawn', 'abstained'])
    expect(server.aliasOf(after.at(-1)?.leftEpisodeId ?? '')).toBe(undone.comparison.left.episodeId)
    expect((await report(desk)).skipped).toBe(1)
    expect((await report(desk)).flagged).toBe(1)
  })

  test('a pair that was never given looks like none', async () => {
    await ask(await bring('shop', 2))
    const cem = await joinProject(server, 'rater', 'Cem')
    const [real] = await effects.db.select().from(comparisonPairs)
    const there = await commit(cem, real?.id ?? '')
    const nowhere = await commit(cem, randomUUID())
    expect(there.status).toBe(404)
    expect(strip(there.text)).toBe(strip(nowhere.text))
  })

  test('steps that show it must be there, and are kept by side', async () => {
    const one = await next(ada)
    const pairId = one?.pairId ?? ''
    expect((await commit(ada, pairId, { rightEvidence: [3] })).body.detail).toContain('no step 3')
    expect(
      (await commit(ada, pairId, { leftEvidence: [1], rightEvidence: [0, 1], probability: 0.8 })).status,
    ).toBe(200)
    const [row] = await effects.db
      .select()
      .from(comparisonAnswers)
      .where(eq(comparisonAnswers.pairId, pairId))
    expect(row).toMatchObject({ leftEvidence: [1], rightEvidence: [0, 1], probability: 0.8 })
    // Who goes back while at another pair is at the one it went back to, also when the page is loaded again.
    effects.advance(1_000)
    const other = await next(ada)
    effects.advance(1_000)
    await undo(ada)
    expect((await next(ada))?.pairId).toBe(pairId)
    await commit(ada, pairId)
    expect((await next(ada))?.pairId).toBe(other?.pairId)
  })
})

const strip = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')

describe('races', () => {
  test('of ten who ask at once, one gets the only place; of two windows, one answers', async () => {
    const own = await bring('race', 1)
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, at) => joinProject(server, 'rater', `Racer${at}`)),
    )
    // Nothing else waits for them.
    for (const cookie of people)
      for (let one = await next(cookie); one !== null; one = await next(cookie))
        await commit(cookie, one.pairId)
    await ask(own)
    const given = await Promise.all(people.map(next))
    const at = given.findIndex((one) => one !== null)
    expect(given.filter((one) => one !== null)).toHaveLength(1)
    const pairId = given[at]?.pairId ?? ''
    const cookie = people[at] ?? ''
    const sent = await Promise.all(
      ['left', 'right', 'equal', 'left'].map((value) =>
        commit(cookie, pairId, { answer: { kind: 'answered', value } }),
      ),
    )
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    const key = randomUUID()
    await undo(cookie)
    const same = await Promise.all(
      Array.from({ length: 4 }, () => commit(cookie, pairId, { commitKey: key })),
    )
    expect(new Set(same.map(({ body }) => body.answerId)).size).toBe(1)
    expect((await report(own)).answers).toBe(1)
  })
})

describe('who may not judge', () => {
  test('a conflict of interest keeps the agent away, also what one was at', async () => {
    const lab = await bring('lab', 2)
    const dan = await joinProject(server, 'rater', 'Dan')
    await ask(lab, { answersWanted: 5 })
    let held = await next(dan)
    while (held !== null && !(await isOfAgent(held, 'lab'))) {
      await commit(dan, held.pairId)
      held = await next(dan)
    }
    expect(held).not.toBeNull()
    const { items } = RaterList.parse((await admin('/raters')).body)
    const danId = items.find(({ name }) => name === 'Dan')?.id ?? ''
    await admin(`/raters/${danId}/conflicts`, { agent: 'lab', excluded: true, reason: 'built it' })
    expect((await commit(dan, held?.pairId ?? '')).status).toBe(410)
    for (let one = await next(dan); one !== null; one = await next(dan)) {
      expect(await isOfAgent(one, 'lab')).toBe(false)
      await commit(dan, one.pairId)
    }
    expect((await report(lab)).answers).toBe(0)
  })

  test('a run that was compared is not shown again as a copy with a fault', async () => {
    const [drawn] = await effects.db.select().from(comparisonDraws).limit(1)
    const met = async (episode: string) =>
      (
        await effects.db.execute<{ met: boolean }>(
          sql`select ${metAnywhere(projectId, drawn?.raterId ?? '', sql`${episode}::uuid`)} as met`,
        )
      ).rows[0]?.met
    expect(await met(drawn?.leftEpisodeId ?? '')).toBe(true)
    expect(await met(randomUUID())).toBe(false)
  })

  const isOfAgent = async (turn: ComparisonTurn, agent: string) =>
    (await admin(`/episodes/${server.episodeOf(turn.left.episodeId)}`)).body.agentName === agent
})

describe('what it comes to', () => {
  const TASKS = 40
  let plant: Brought
  const people: string[] = []
  /** Every turn that was given, with ids and counts taken out. */
  const looks = new Set<string>()
  const blank = (text: string) =>
    strip(text).replace(/"answered":\d+,"total":\d+,"secondsAnAnswer":[\w.]+/, '"progress"')
  beforeAll(async () => {
    plant = await bring('plant', TASKS)
    for (const name of ['Fay', 'Gus']) people.push(await joinProject(server, 'rater', name))
    for (const cookie of people)
      for (let one = await next(cookie); one !== null; one = await next(cookie))
        await commit(cookie, one.pairId)
    expect(await ask(plant, { answersWanted: 2 })).toMatchObject({ added: TASKS })
    const episodes = (await admin('/episodes?agent=plant&limit=200')).body.items as { id: string }[]
    const again = await admin('/comparisons/known', {
      rubric: plant.rubric,
      criterion: 'root',
      better: episodes[0]?.id,
      worse: episodes[0]?.id,
    })
    expect(again.status).toBe(404)
    const [one, other] = episodes
    expect(
      (
        await admin('/comparisons/known', {
          rubric: plant.rubric,
          criterion: 'root',
          better: one?.id,
          worse: other?.id,
        })
      ).status,
    ).toBe(200)
    // Fay likes the wordy one on three tasks of four; Gus always takes the left one.
    let count = 0
    for (const [who, cookie] of people.entries())
      for (let turn = await next(cookie); turn !== null; turn = await next(cookie)) {
        looks.add(blank((await as(cookie, '/review/comparisons/next', {})).text))
        const wordyIsLeft = (await policyOf(turn.left.episodeId)) === 'wordy-v2'
        count += 1
        const likesWordy = count % 4 !== 0
        const value = who === 1 || wordyIsLeft === likesWordy ? 'left' : 'right'
        expect((await commit(cookie, turn.pairId, { answer: { kind: 'answered', value } })).status).toBe(200)
      }
  })

  test('shares, strengths, sides and lengths are told together', async () => {
    const found = await report(plant)
    expect(found).toMatchObject({ pairs: TASKS, answers: 2 * TASKS, answersWanted: 2 * TASKS, raters: 2 })
    const [pair] = found.policies
    expect(pair).toMatchObject({ better: 'wordy-v2', worse: 'plain-v1', pairs: TASKS })
    expect(pair?.sentence).toMatch(/`wordy-v2`.*`plain-v1`.* %/)
    // The wordy policy is the longer one in every pair, so that a taste for length explains all there is.
    expect(pair?.nulls.longer).toMatchObject({ kind: 'estimate', value: 1 })
    expect(pair?.nulls.shorter).toMatchObject({ kind: 'estimate', value: 0 })
    const left = pair?.nulls.left
    expect(left?.kind === 'estimate' && left.low < 0.5 && left.high > 0.5).toBe(true)
    expect(found.nullsAgree.longer).toMatchObject({ kind: 'estimate', value: expect.closeTo(0.62, 0) })
    expect(found.words.at(-1)).toContain('never enter a gate')
    expect(found.people.map(({ rater, known }) => [rater, known]).sort()).toEqual([
      ['Fay', 1],
      ['Gus', 1],
    ])
    expect(found.strengths.groups.flat().map(({ policy }) => policy)).toEqual(['wordy-v2', 'plain-v1'])
  })

  test('the pair with a known answer looked like all the others', () => {
    expect(looks.size).toBe(1)
  })

  test('the export reads as comparisons, without the known pair', async () => {
    const rows: { left: string; right: string; winner: string; unit: string }[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await admin(
        `/comparisons/${plant.agentId}/${plant.sha256}/answers?limit=30${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      rows.push(...body.items)
      cursor = body.nextCursor
    }
    expect(rows).toHaveLength(2 * TASKS)
    expect(new Set(rows.map(({ unit }) => unit)).size).toBe(TASKS)
    const won = rows.filter(({ left, winner }) => (winner === 'left') === (left === 'wordy-v2')).length
    const { policies } = await report(plant)
    const people = policies[0]?.people
    expect(people?.kind === 'estimate' ? people.value : null).toBeCloseTo(won / rows.length, 10)
  })

  test('pairs to train on leave out what a release has drawn', async () => {
    const read = async () =>
      PreferencePage.parse(
        (await admin(`/comparisons/${plant.agentId}/${plant.sha256}/preferences?limit=200`)).body,
      )
    const before = await read()
    expect(before.items.length + before.leftOut).toBe(TASKS)
    expect(before.reserved).toBe(0)
    expect(before.items.length).toBeGreaterThan(TASKS / 4)
    const [row] = before.items
    expect(row?.prompt).toEqual([{ role: 'user', content: expect.stringContaining('Please look at order') }])
    expect(row?.chosen[0]?.role).toBe('assistant')
    expect(row?.weight).toBeGreaterThan(0)
    expect(JSON.stringify(row)).not.toContain('Thinking')
    await startRelease(effects, {
      projectId,
      agent: 'plant',
      baseline: 'plain-v1',
      candidate: 'wordy-v2',
      unitSource: 'finite',
      truth: { kind: 'outcome' },
      actor: 'person:ada',
    })
    const after = await read()
    expect(after).toMatchObject({ items: [], reserved: TASKS, leftOut: 0 })
  })

  test('the same pairs are not asked about twice, and one policy alone needs two of its own runs', async () => {
    const same = await admin('/comparisons', {
      rubric: plant.rubric,
      criterion: 'root',
      policies: ['plain-v1', 'wordy-v2'],
    })
    expect(same.status).toBe(422)
    const alone = await admin('/comparisons', {
      rubric: plant.rubric,
      criterion: 'root',
      policies: ['plain-v1'],
    })
    expect(alone.body.detail).toContain('No unit has runs to compare')
  })
})

test('a trainee answers the round of known questions first', async () => {
  const eva = await joinProject(server, 'rater', 'Eva')
  const open = await next(eva)
  expect(open).not.toBeNull()
  const { id } = (
    await admin('/rubrics', {
      agent: 'plant',
      source: 'name: known\nquestion: Was it done?\nansweredBy: [human]\n',
    })
  ).body
  const { sha256 } = (await admin(`/rubrics/${id}`)).body.nodes[0].criterion
  const episodes = (await admin('/episodes?agent=plant&limit=20')).body.items as { id: string }[]
  await effects.db.insert(goldAnswers).values(
    episodes.map(({ id: episodeId }, at) => ({
      projectId,
      episodeId,
      criterionSha256: sha256,
      value: at % 2 === 0 ? 'yes' : 'no',
      part: 'fit',
      actor: 'test',
      at: effects.now(),
    })),
  )
  const rules = SetVettingRules.parse({ roundQuestions: 5 })
  await setVettingRules(effects, projectId, 'test', rules)
  const answer = NextComparison.parse((await as(eva, '/review/comparisons/next', {})).body)
  expect(answer).toMatchObject({ comparison: null, round: { done: false } })
  const refused = await commit(eva, open?.pairId ?? '')
  expect(refused.status).toBe(409)
  expect(refused.body.detail).toContain('round is not over')
})

test('another project learns nothing by these ids', async () => {
  const { project: other } = await createProject(effects, { slug: 'other', name: 'Other' }, { actor: 'test' })
  const [pair] = await effects.db.select().from(comparisonPairs).limit(1)
  const key = await server.key(['read', 'rate', 'admin'], other)
  const answer = await server.request(
    `/api/projects/other/comparisons/${pair?.agentId}/${pair?.criterionSha256}`,
    { token: key },
  )
  expect(answer.status).toBe(404)
})
