/** Parts of a question come after the first answer, tell not who said what, are asked blind, and are measured at every height. */
import { ReviewSheet } from '@leeway/contract/review'
import { PartsView, SavedSplit, SplitPlan } from '@leeway/contract/splits'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metElsewhere } from '../assignments/met-elsewhere.ts'
import { goldAnswers, reservations } from '../assignments/tables.ts'
import { critiqueReveals } from '../critiques/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { giveQuestion } from '../testing/give-question.ts'
import { joinProject } from '../testing/join-project.ts'
import { splitWorld } from '../testing/split-world.ts'
import { openParts } from './open-parts.ts'
import { splitOpenings, splitReveals } from './tables.ts'

const {
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
  close,
} = await splitWorld()
afterAll(close)

describe('help from the parts', () => {
  let first = ''
  beforeAll(async () => {
    first = episodes[0] ?? ''
    await admin('/review/questions', { rubric, episodes: [first], answersWanted: 20 })
    await openParts(effects)
  })

  test('parts are put to people once, as ordinary questions', async () => {
    await openParts(effects)
    const [part = ''] = parts
    const assignment = await assignmentOf(first, part)
    expect(await purposesOf(assignment)).toEqual(['part'])
    expect(await purposesOf(await assignmentOf(first, whole))).toEqual(['chosen'])
    const opened = await db.select().from(splitOpenings).where(eq(splitOpenings.episodeId, first))
    expect(opened).toMatchObject([{ answers: 2, usdMax: 0, leftOut: [] }])
    const ada = await joinProject(server, 'rater', 'Ada')
    for (const given of [assignment, await assignmentOf(first, whole)]) await giveQuestion(server, ada, given)
    const question = (await as(ada, `/review/${assignment}`)).body as object
    const of = (await as(ada, `/review/${await assignmentOf(first, whole)}`)).body as object
    expect(Object.keys(question)).toEqual(Object.keys(of))
    expect(question).toMatchObject({ question: ORDER })
    expect(JSON.stringify(question)).not.toMatch(/part|split|customer asked for/)
  })

  test('come after the first answer, say not who answered, and both answers are kept', async () => {
    const [order = '', amount = ''] = parts
    // Ada answers a part; what others say to the whole is in nothing that she is sent.
    const ada = await joinProject(server, 'rater', 'Ada2')
    await say('Zoe', whole, new Map([[first, 'yes']]))
    const part = await answer(
      ada,
      await assignmentOf(first, order),
      commit('no', { comment: 'It names order 7.', evidence: [1] }),
    )
    expect([part.parts, part.critique]).toEqual([null, null])

    const bob = await joinProject(server, 'rater', 'Bob')
    const assignment = await assignmentOf(first, whole)
    expect((await as(bob, `/review/${assignment}/part`, { part: 0, value: 'no' })).status).toBe(404)
    await giveQuestion(server, bob, assignment)
    const before = await as(bob, `/review/${assignment}`)
    expect(JSON.stringify(before.body)).not.toContain('order 7')
    // At the sheet all questions of the episode are held for him; after the help the parts are not.
    await as(bob, '/review/next', { mode: 'sheet' })
    const heldFor = () => db.select().from(reservations).where(eq(reservations.assignmentId, held))
    const held = await assignmentOf(first, amount)
    expect((await heldFor()).length).toBe(1)

    const one = commit('yes')
    const { parts: shown, ratingId } = await answer(bob, assignment, one)
    expect(shown).toEqual({
      assignmentId: assignment,
      rule: 'all',
      parts: [
        {
          question: ORDER,
          guidance: '',
          answers: [{ value: 'no', comment: 'It names order 7.', steps: [1] }],
          mine: null,
        },
        { question: AMOUNT, guidance: 'See the receipt.', answers: [], mine: null },
      ],
      together: 'no',
    })
    expect((await answer(bob, assignment, one)).parts).toEqual(shown)
    expect((await heldFor()).length).toBe(0)

    // He says himself what holds; his own word goes before theirs, and is no rating of the part.
    const mine = await as(bob, `/review/${assignment}/part`, { part: 0, value: 'yes' })
    expect(PartsView.parse(mine.body)).toMatchObject({
      parts: [{ mine: 'yes' }, { mine: null }],
      together: null,
    })
    const both = PartsView.parse((await as(bob, `/review/${assignment}/part`, { part: 1, value: 'no' })).body)
    expect(both.together).toBe('no')
    expect(await db.select().from(ratings).where(eq(ratings.assignmentId, held))).toEqual([])

    const second = await answer(bob, assignment, commit('no', { supersedes: ratingId }))
    expect(second.parts).toBeNull()
    const rows = await db
      .select()
      .from(ratings)
      .where(eq(ratings.assignmentId, assignment))
      .orderBy(ratings.id)
    expect(rows.map(({ value, assistance }) => [value, assistance])).toEqual([
      ['yes', 'none'],
      ['no', 'decomposition'],
    ])

    // Nobody else has a way to what was shown to him, and he has none to a part that he saw others answer.
    const cyd = await joinProject(server, 'rater', 'Cyd')
    expect((await as(cyd, `/review/${assignment}/part`, { part: 0, value: 'no' })).status).toBe(404)
    expect((await as(bob, `/review/${held}/answer`, commit('yes'))).status).toBe(404)
    expect(await next(bob)).toBeNull()
    // Nor would a study of that part, or a queue that is not read yet, take him for somebody who has not met it.
    const [own] = await db.select().from(ratings).where(eq(ratings.id, ratingId))
    const met = await db.execute<{ criterion_sha256: string }>(
      sql`select criterion_sha256 from ${metElsewhere(projectId, own?.raterId ?? '')} met where episode_id = ${first}`,
    )
    expect(met.rows.map(({ criterion_sha256 }) => criterion_sha256).sort()).toEqual([order, amount].sort())
    const sheet = ReviewSheet.parse((await as(bob, `/review/sheet/${first}`)).body)
    expect(sheet.questions.map(({ question }) => question)).not.toContain(AMOUNT)
    await giveQuestion(server, cyd, held)
    expect((await as(cyd, `/review/${held}/answer`, commit('yes'))).status).toBe(200)
  })

  test('one who corrects a part after seeing the others is recorded as helped', async () => {
    const [order = ''] = parts
    const episode = episodes[1] ?? ''
    await admin('/review/questions', { rubric, episodes: [episode], answersWanted: 20 })
    await openParts(effects)
    const dan = await joinProject(server, 'rater', 'Dan')
    const part = await answer(dan, await assignmentOf(episode, order), commit('yes'))
    await say('Yan', order, new Map([[episode, 'no']]))
    const { parts: shown } = await answer(dan, await assignmentOf(episode, whole), commit('yes'))
    // What he said blind counts as his word on the part.
    expect(shown?.parts[0]).toMatchObject({ mine: 'yes', answers: [{ value: 'no' }] })
    await answer(dan, await assignmentOf(episode, order), commit('no', { supersedes: part.ratingId }))
    const [row] = await db.select().from(ratings).where(eq(ratings.supersedes, part.ratingId))
    expect(row?.assistance).toBe('decomposition')
  })

  test('is held back in the other arm, is recorded with its probability, and no critique comes beside it', async () => {
    const [order = ''] = parts
    const own = episodes.slice(2, 6)
    await admin('/review/questions', { rubric, episodes: own, answersWanted: 20 })
    await admin('/critiques', { share: 1 })
    await say('Xia', order, new Map(own.map((episode) => [episode, 'no'])))
    const model = await ensureRater(db, effects, projectId, {
      kind: 'model',
      name: 'critic',
      family: 'test',
      definition: { model: 'test' },
    })
    await insertRatings(
      db,
      own.map((episodeId) => ({
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256: whole,
        raterId: model.id,
        kind: 'answered',
        value: 'no',
        comment: '',
        evidence: [],
        claims: [{ text: 'It refunded.', severity: 'major', step: 1, quote: 'I refunded it.' }],
        flagged: false,
        assistance: 'none',
        supersedes: null,
        commitKey: `critic-${episodeId}`,
        committedAt: effects.now(),
      })),
    )
    const eve = await joinProject(server, 'rater', 'Eve')
    for (const [at, share] of [0, 1].entries()) {
      await rules({ share })
      const assignment = await assignmentOf(own[at] ?? '', whole)
      const { parts: shown, critique } = await answer(eve, assignment, commit('yes'))
      expect([shown !== null, critique]).toEqual([share === 1, null])
      const kept = await db.select().from(splitReveals).where(eq(splitReveals.assignmentId, assignment))
      expect(kept).toMatchObject([{ arm: share === 1 ? 'decomposition' : 'none', share }])
      expect(
        await db.select().from(critiqueReveals).where(eq(critiqueReveals.assignmentId, assignment)),
      ).toEqual([])
    }
    // A sender that shows no parts is sent none, and nothing is drawn; then a critique may come.
    const plain = await answer(
      eve,
      await assignmentOf(own[2] ?? '', whole),
      commit('yes', { showsParts: false }),
    )
    expect([plain.parts, plain.critique === null]).toEqual([null, false])
    const skip = commit('', { answer: { kind: 'abstained', reason: 'too-hard' } })
    expect((await answer(eve, await assignmentOf(own[3] ?? '', whole), skip)).parts).toBeNull()
    await rules({ share: 1 })
  })

  test('the parts of a question with a known answer are asked like those of any other', async () => {
    const [known = '', plain = ''] = episodes.slice(6, 8)
    await admin('/gold', { episode: known, criterionSha256: whole, value: 'yes' })
    await admin('/review/questions', { rubric, episodes: [known, plain], answersWanted: 1 })
    await openParts(effects)
    for (const episode of [known, plain])
      for (const part of parts) expect(await purposesOf(await assignmentOf(episode, part))).toEqual(['part'])
  })
})

describe('limits', () => {
  const refused = async (json: object) => {
    const { status, body } = await send('/splits', json)
    return [status, body.detail]
  }
  test('a split that is too deep, too dear, circular, or of no yes/no question is refused', async () => {
    const [order = '', amount = ''] = parts
    const deeper = {
      rubric,
      criterionSha256: order,
      parts: [{ question: 'Is it a number?' }, { question: 'Is it his?' }],
    }
    await admin('/splits', deeper)
    const [third = ''] =
      (await report()).trees[0]?.nodes.filter(({ depth }) => depth === 2).map(({ sha256 }) => sha256) ?? []
    expect(
      await refused({
        ...deeper,
        criterionSha256: third,
        parts: [{ question: 'Is it 1?' }, { question: 'Is it 2?' }],
      }),
    ).toEqual([422, 'The questions would be 3 deep; the limit is 2.'])
    expect(await refused({ ...deeper, answersWanted: 6 })).toEqual([
      422,
      'One question about one episode would want 14 answers of people to its parts; the limit is 12.',
    ])
    // Back to the whole, in the very words of the whole.
    expect(
      await refused({
        ...deeper,
        criterionSha256: amount,
        parts: [{ question: WHOLE, answeredBy: ['human'] }, { question: 'Else?' }],
      }),
    ).toEqual([422, 'A part leads back to the question itself.'])
    expect(await refused(split({ parts: [{ question: 'Alone?' }] }))).toEqual([422, 'One part is no split.'])
    expect(await refused(split({ parts: [PARTS[0], PARTS[0]] }))).toEqual([422, 'Part 2 is there twice.'])
    expect(await refused(split({ criterionSha256: 'f'.repeat(64) }))).toEqual([
      404,
      'The rubric has no such question, nor any below it.',
    ])
    expect(await refused(split({ answersWanted: 0 }))).toEqual([422, 'Nobody is asked part 1.'])
    // Ended, it is asked and shown no more.
    expect(SavedSplit.parse(await admin('/splits', { ...deeper, parts: [] }))).toMatchObject({ added: true })
    expect((await report()).trees[0]?.nodes).toHaveLength(3)
  })

  test('what is nearest to the whole is asked first, and no more than the limit', async () => {
    await rules({ share: 1, answersMax: 1 })
    const [episode = ''] = episodes.slice(8, 9)
    await admin('/review/questions', { rubric, episodes: [episode], answersWanted: 1 })
    await openParts(effects)
    const opened = await db.select().from(splitOpenings).where(eq(splitOpenings.episodeId, episode))
    expect(opened).toMatchObject([{ answers: 1, leftOut: [parts[1]] }])
    expect(await assignmentOf(episode, parts[1] ?? '')).toBe('')
    expect((await report()).trees[0]?.leftOut).toBe(1)
    await rules({ share: 1 })
  })
})

describe('the planner and the view by height', () => {
  let fit: readonly string[] = []
  beforeAll(async () => {
    const [order = '', amount = ''] = parts
    const own = episodes.slice(10)
    for (const episode of own) {
      await admin('/gold', { episode, criterionSha256: whole, value: 'yes' })
      await admin('/gold', { episode, criterionSha256: order, value: 'yes' })
    }
    const known = async (criterionSha256: string) =>
      (
        await db
          .select()
          .from(goldAnswers)
          .where(and(eq(goldAnswers.criterionSha256, criterionSha256), eq(goldAnswers.part, 'fit')))
      ).map(({ episodeId }) => episodeId)
    const both = await known(order)
    fit = (await known(whole)).filter((episode) => own.includes(episode))
    // The whole is answered rightly but once; the order is read wrongly every other time.
    await say('Wim', whole, new Map(own.map((episode) => [episode, episode === fit[0] ? 'no' : 'yes'])))
    await say('Wim', order, new Map(own.map((episode, at) => [episode, at % 2 === 0 ? 'no' : 'yes'])))
    await say('Wim', amount, new Map(own.map((episode) => [episode, 'yes'])))
    expect([fit.length > 19, both.length > 19]).toEqual([true, true])
  })

  test('a split that known answers show to hurt is refused, with the numbers and what would mend it', async () => {
    const plan = SplitPlan.parse(await admin('/splits/plan', split()))
    expect(plan).toMatchObject({ kind: 'forecast', basis: 'same-items', verdict: 'hurts' })
    if (plan.kind !== 'forecast') return
    expect(plan.whole.share).toBeCloseTo((fit.length - 1) / fit.length, 10)
    const { status, body } = await send('/splits', split({ guidance: undefined, answersWanted: 2 }))
    expect(status).toBe(422)
    expect(body.detail).toMatch(
      /^Known answers show that this split would hurt: its parts together are right \d+ % of the time \(\d+ % to \d+ %\), the question as a whole 9\d % \(\d+ % to \d+ %\); that is \d+ to \d+ points worse\.$/,
    )
    expect(body.hint).toMatch(
      /^Leave it whole, or make the parts so easy that each is answered rightly \d+ % of the time/,
    )
    // Nothing of it was stored: the split stands as it was.
    expect((await report()).trees[0]?.nodes[1]?.answersWanted).toBe(1)
    // In other words it is another question, of which nothing is known.
    const words = split({ parts: [{ question: 'Which order was refunded: the one named?' }, PARTS[1]] })
    expect(SplitPlan.parse(await admin('/splits/plan', words))).toMatchObject({ kind: 'unknown' })
  })

  test('each node has its own accuracy, the parts are compared with the whole, and a difference is traced', async () => {
    const { trees, arms } = await report()
    const tree = trees[0]
    const [root, order, amount] = tree?.nodes ?? []
    expect([root, order, amount].map((node) => [node?.height, node?.depth, node?.parent])).toEqual([
      [1, 0, null],
      [0, 1, whole],
      [0, 1, whole],
    ])
    expect(root?.right?.share).toBeGreaterThan(0.9)
    expect(order?.right?.share).toBeLessThan(0.75)
    expect([amount?.known, amount?.right]).toEqual([0, null])
    expect(root?.compared).toBeGreaterThan(40)
    expect(root?.agree?.share).toBeLessThan(0.7)
    // Known to be wrong, the order is to blame; where the whole erred, the whole.
    expect(order?.blamed).toBeGreaterThan(5)
    expect(amount?.blamed).toBe(0)
    const erred = tree?.differences.find(({ episodeId }) => episodeId === fit[0])
    if (erred !== undefined) expect(erred).toMatchObject({ on: 'whole', certain: true, nodes: [whole] })
    expect(arms.map(({ arm }) => arm)).toEqual(['decomposition', 'none'])
    expect(arms.map(({ answers }) => answers)).toEqual([3, 1])
    expect(JSON.stringify(tree)).not.toContain('Wim')
  })
})
