/** The same question as "find the answer" and as "is this answer right", over HTTP: what comes, what it tells, what counts. */
import { randomUUID } from 'node:crypto'
import { RaterCard } from '@leeway/contract/raters'
import { ReviewQuestion, Undone } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { assignmentPurposes, assignments, goldAnswers } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { checkRelease } from '../releases/check-release.ts'
import { releases } from '../releases/tables.ts'
import { formsWorld } from '../testing/forms-world.ts'
import { joinProject } from '../testing/join-project.ts'
import { skillEvidence } from '../vetting/skill-evidence.ts'
import { vettingDraws } from '../vetting/tables.ts'
import { questionForms } from './tables.ts'

const {
  server,
  effects,
  token,
  projectId,
  path,
  admin,
  as,
  next,
  commit,
  answer,
  episodeOf,
  report,
  ask,
  rule,
  findAll,
  trust,
  raterId,
  endRules,
  ada,
  bob,
  close,
} = await formsWorld()
afterAll(close)
afterEach(endRules)

test('a check comes before a question, about an item that has its answers; the answer is kept with its form', async () => {
  const { episodes, criterionSha256 } = await ask(12)
  await findAll(ada, () => 'yes', 6)
  await admin('/critiques', { share: 1 })
  const claim = { text: 'It never asked.', severity: 'critical', step: 0, quote: 'Refund order' }
  for (const episode of episodes) await admin('/critiques/planted', { ...claim, episode, criterionSha256 })
  const found = (await effects.db.select().from(ratings)).map(({ episodeId }) => episodeId)
  await rule(criterionSha256)
  const seen: ReviewQuestion[] = []
  for (let question = await next(bob); question !== null; question = await next(bob)) {
    seen.push(question)
    expect(found.includes(episodeOf(question))).toBe(question.proposed !== null)
    const { critique } = await answer(bob, question, 'no')
    // One help an answer: who checks one is shown no critique as well.
    expect(critique === null).toBe(question.proposed !== null)
  }
  expect(seen.map(({ proposed }) => proposed)).toEqual(
    Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 'yes' : null)),
  )
  expect(new Set(seen.map(({ episodeId }) => episodeId)).size).toBe(12)
  // In either form the question has the same fields, and none says whose answer it was, or that one may be made up.
  const [check, question] = seen
  expect(Object.keys(check ?? {})).toEqual(Object.keys(question ?? {}))
  expect(JSON.stringify(check)).not.toMatch(/planted|source|probability|Ada|known/i)
  const own = await effects.db
    .select()
    .from(ratings)
    .where(eq(ratings.raterId, await raterId('Bob')))
  expect(own.map(({ form }) => form)).toEqual(
    seen.map(({ proposed }) => (proposed === null ? 'find' : 'verify')),
  )
  const drawn = await effects.db.select().from(questionForms)
  expect(drawn).toHaveLength(6)
  for (const one of drawn)
    expect(one).toMatchObject({ form: 'verify', probability: 1, proposed: 'yes', planted: false })
  // What is exported says so.
  const { items } = await admin(`/ratings?rater=${await raterId('Bob')}&limit=50`)
  expect(items.filter(({ form }: { form: string }) => form === 'verify')).toHaveLength(6)
})

test('is drawn once: after a reload, in two windows, when it is undone, and when its time ran out', async () => {
  const { criterionSha256 } = await ask(8)
  await findAll(ada, (episode) => (Number.parseInt(episode.slice(-1), 16) % 2 === 0 ? 'yes' : 'no'), 6)
  await rule(criterionSha256)
  const [one, other] = await Promise.all([next(bob), next(bob)])
  expect(one?.proposed).not.toBeNull()
  expect(other).toEqual(one)
  expect(await next(bob)).toEqual(one)
  const question = one as ReviewQuestion
  const asked = `/review/${question.assignmentId}`
  expect(ReviewQuestion.parse(JSON.parse((await as(bob, asked)).text))).toEqual(question)
  // Nobody else is shown what this one is to check, nor may answer in their place.
  const cyd = await joinProject(server, 'rater', 'Cyd')
  expect((await as(cyd, asked)).status).toBe(404)
  expect((await as(cyd, `${asked}/answer`, commit('yes'))).status).toBe(404)
  effects.advance(16 * 60_000)
  expect(await next(bob)).toEqual(question)
  await answer(bob, question, 'no')
  const undone = await as(bob, '/review/undo', { commitKey: randomUUID() })
  expect(Undone.parse(JSON.parse(undone.text)).question).toEqual(question)
  expect(await next(bob)).toEqual(question)
  await answer(bob, question, 'yes')
  const after = await next(bob)
  expect(after?.proposed).toBeNull()
  // Two windows at the same check: one answer.
  await answer(bob, after as ReviewQuestion, 'yes')
  const again = (await next(bob)) as ReviewQuestion
  const both = await Promise.all(
    ['yes', 'no'].map((value) => as(bob, `/review/${again.assignmentId}/answer`, commit(value))),
  )
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  await findAll(bob, () => 'yes')
})

test('whatever an item is for, it is found before it is checked, and checks are about items of every kind', async () => {
  const { agent, rubric, criterionSha256 } = await ask(1, { isWork: false })
  const lines = (policy: string) =>
    Array.from({ length: 8 }, (_, index) =>
      episodeLine(
        sampleEpisode(1, {
          instructions: 'Help a customer.',
          taskKey: `${policy === 'past' ? 'past' : 'task'}-${index}`,
          steps: [sampleStep(0, { content: `I am ${policy}, order ${index}.` })],
          outcome: { success: 1, severe: false, detail: null },
        }),
      ),
    ).join('\n')
  for (const policy of ['old', 'new', 'past'])
    await server
      .request(path(`/episodes/import?agent=${agent}&policy=${policy}`), {
        token,
        body: lines(policy),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  const past: readonly { id: string }[] = (await admin(`/episodes?agent=${agent}&policy=past&limit=50`)).items
  await effects.db.insert(goldAnswers).values(
    past.slice(0, 4).map(({ id }) => ({
      projectId,
      episodeId: id,
      criterionSha256,
      value: 'no',
      part: 'measure',
      actor: 'person:somebody',
      at: effects.now(),
    })),
  )
  await admin('/review/questions', { rubric, episodes: past.slice(4).map(({ id }) => id) })
  const { id } = await admin('/releases', {
    agent,
    baseline: 'old',
    candidate: 'new',
    truth: { kind: 'criterion', rubric },
  })
  const [release] = await effects.db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('the release was not started')
  await checkRelease(effects, release)
  const purposes = new Map(
    (
      await effects.db
        .select({ episodeId: assignments.episodeId, purpose: assignmentPurposes.purpose })
        .from(assignments)
        .innerJoin(assignmentPurposes, eq(assignmentPurposes.assignmentId, assignments.id))
        .where(eq(assignments.criterionSha256, criterionSha256))
    ).map((row) => [row.episodeId, row.purpose]),
  )
  await rule(criterionSha256)
  const [dan, eva] = [await joinProject(server, 'rater', 'Dan'), await joinProject(server, 'rater', 'Eva')]
  for (const [cookie, name] of [
    [dan, 'Dan'],
    [eva, 'Eva'],
  ] as const) {
    await as(cookie, '/inbox')
    await trust(name, 'vetted')
  }
  const seen: { readonly episode: string; readonly form: 'find' | 'verify' }[] = []
  for (let turn = 0; turn < 200; turn++) {
    const cookie = turn % 2 === 0 ? dan : eva
    const question = await next(cookie)
    if (question === null) continue
    const form = question.proposed === null ? 'find' : 'verify'
    seen.push({ episode: episodeOf(question), form })
    await answer(cookie, question, form === 'find' ? 'yes' : 'no')
  }
  const of = (form: 'find' | 'verify') => seen.filter((one) => one.form === form)
  // Every item that a gate waits for was found, once, before anybody checked it.
  expect(new Set(of('find').map(({ episode }) => episode))).toEqual(new Set(purposes.keys()))
  expect(of('find')).toHaveLength(purposes.size)
  for (const { episode } of of('verify'))
    expect(seen.findIndex((one) => one.episode === episode && one.form === 'find')).toBeLessThan(
      seen.findIndex((one) => one.episode === episode && one.form === 'verify'),
    )
  const kinds = (form: 'find' | 'verify') => new Set(of(form).map(({ episode }) => purposes.get(episode)))
  expect(kinds('find')).toEqual(new Set(['audit', 'gold', 'chosen']))
  expect(kinds('verify')).toEqual(kinds('find'))
  // What was found is all that the release reads: every check said "no", and no label is a failure.
  const check = await checkRelease(effects, release)
  expect(check?.units).toBe(8)
  expect(check?.difference.estimate).toBe(0)
  expect(check?.labelError?.gold).toEqual({ faults: 4, found: 0, sound: 0, passed: 0 })
})

test('a check uses up no answer that is wanted: taken back, the found one is asked for again', async () => {
  const { criterionSha256 } = await ask(3)
  const fay = await joinProject(server, 'rater', 'Fay')
  const first = (await next(fay)) as ReviewQuestion
  await answer(fay, first, 'yes')
  await rule(criterionSha256)
  const check = (await next(bob)) as ReviewQuestion
  expect([episodeOf(check), check.proposed]).toEqual([episodeOf(first), 'yes'])
  await answer(bob, check, 'yes')
  await as(fay, '/review/undo', { commitKey: randomUUID() })
  effects.advance(16 * 60_000)
  await rule(criterionSha256, { share: 0 })
  const gus = await joinProject(server, 'rater', 'Gus')
  const open: string[] = []
  for (let question = await next(gus); question !== null; question = await next(gus)) {
    expect(question.proposed).toBeNull()
    open.push(episodeOf(question))
    await answer(gus, question, 'no')
  }
  expect(open).toContain(episodeOf(first))
  expect(open).toHaveLength(3)
})

test('an item is not checked while it wants another answer', async () => {
  const { criterionSha256 } = await ask(4, { answersWanted: 2 })
  await findAll(ada, () => 'yes', 2)
  await rule(criterionSha256)
  await findAll(bob, () => 'yes', 1)
  const check = (await next(bob)) as ReviewQuestion
  // The one that both have answered is not for them; the other one of the two still wants an answer.
  expect(check.proposed).toBeNull()
  const kay = await joinProject(server, 'rater', 'Kay')
  const first = (await next(kay)) as ReviewQuestion
  expect(first.proposed).toBe('yes')
  const both = await effects.db
    .select()
    .from(ratings)
    .where(and(eq(ratings.episodeId, episodeOf(first)), eq(ratings.criterionSha256, criterionSha256)))
  expect(both).toHaveLength(2)
})

test('a check moves nobody between tiers, though its item was drawn for the rater as a known one', async () => {
  const { episodes, criterionSha256 } = await ask(2)
  await joinProject(server, 'rater', 'Hal').then((cookie) => as(cookie, '/inbox'))
  const hal = await raterId('Hal')
  const place = (at: number) => ({ projectId, episodeId: episodes[at] ?? '', criterionSha256 })
  for (const at of [0, 1]) {
    const known = { value: 'yes', part: 'fit', actor: 'person:somebody', at: effects.now() }
    await effects.db.insert(goldAnswers).values({ ...place(at), ...known })
    const draw = { raterId: hal, id: effects.newId(), kind: 'hidden', at: effects.now() }
    await effects.db.insert(vettingDraws).values({ ...place(at), ...draw })
    await insertRatings(effects.db, [
      {
        ...place(at),
        id: effects.newId(),
        raterId: hal,
        kind: 'answered',
        value: 'yes',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        form: at === 0 ? 'verify' : 'find',
        commitKey: effects.newId(),
        committedAt: effects.now(),
      },
    ])
  }
  expect(await skillEvidence(effects.db, projectId, hal)).toMatchObject([{ right: 1, answers: 1 }])
})

test('experts check nothing; they must come new to what others answered', async () => {
  const { criterionSha256 } = await ask(6)
  const [ida, jan] = [await joinProject(server, 'rater', 'Ida'), await joinProject(server, 'rater', 'Jan')]
  for (const [cookie, name, tier] of [
    [ida, 'Ida', 'expert'],
    [jan, 'Jan', 'vetted'],
  ] as const) {
    await as(cookie, '/inbox')
    await trust(name, tier)
  }
  await findAll(jan, () => 'yes', 3)
  await rule(criterionSha256)
  await findAll(ida, () => 'yes')
  await rule(criterionSha256, { share: 0 })
  await findAll(bob, () => 'yes')
  await findAll(ada, () => 'yes')
})

test('both forms are compared on known answers; planted wrong ones show who accepts what is proposed', async () => {
  const { episodes, criterionSha256 } = await ask(60)
  const isYes = (episode: string) => episodes.indexOf(episode) % 2 === 0
  for (const episode of episodes)
    await admin('/gold', { episode, criterionSha256, value: isYes(episode) ? 'yes' : 'no' })
  const part = new Map(
    (
      await effects.db
        .select()
        .from(goldAnswers)
        .where(and(eq(goldAnswers.projectId, projectId), eq(goldAnswers.criterionSha256, criterionSha256)))
    ).map((row) => [row.episodeId, row.part]),
  )
  // Ada finds, wrong in one of four.
  const adas = (episode: string) => ((episodes.indexOf(episode) % 4 === 0) !== isYes(episode) ? 'yes' : 'no')
  await findAll(ada, adas, 36)
  await rule(criterionSha256, { knownShare: 1, plantedShare: 0.5 })
  // One who accepts whatever is proposed, in half of the time.
  const kit = await joinProject(server, 'rater', 'Kit')
  let checked = 0
  for (let question = await next(kit); question !== null; question = await next(kit)) {
    if (question.proposed !== null) checked += 1
    const said = question.proposed ?? (isYes(episodeOf(question)) ? 'yes' : 'no')
    await answer(kit, question, said, question.proposed === null ? 60 : 30)
  }
  const drawn = await effects.db
    .select()
    .from(questionForms)
    .where(eq(questionForms.criterionSha256, criterionSha256))
  expect(drawn).toHaveLength(checked)
  const planted = drawn.filter((one) => one.planted)
  expect(planted.length).toBeGreaterThan(2)
  // Only where the known answer may be used, always wrong there; the half that measures the check is left alone.
  for (const one of planted) {
    expect(part.get(one.episodeId)).toBe('fit')
    expect(one.proposed).toBe(isYes(one.episodeId) ? 'no' : 'yes')
    expect(one.sourceRatingId).toBeNull()
  }
  const found = (await report()).find((one) => one.criterionSha256 === criterionSha256)
  const { people, models } = found ?? {}
  expect(models).toBeNull()
  const known = drawn.filter(({ episodeId }) => part.get(episodeId) === 'fit')
  const wrong = known.filter(({ proposed, episodeId }) => proposed !== (isYes(episodeId) ? 'yes' : 'no'))
  expect(people?.verify).toMatchObject({ answers: checked, known: known.length, seconds: 30 })
  expect(people?.find.seconds).toBe(60)
  // All wrong ones were accepted, and no right one was turned down: checking was as good as what was there.
  expect(people?.acceptedWrong).toMatchObject({ count: wrong.length, of: wrong.length, high: 1 })
  expect(people?.refusedRight.count).toBe(0)
  const natural = known.filter((one) => !one.planted)
  const wrongShare = natural.filter((one) => wrong.includes(one)).length / natural.length
  expect(people?.accuracy?.checked.value).toBeCloseTo(1 - wrongShare)
  expect(people?.accuracy?.perErrorRemoved.verify.seconds).toBeNull()
  expect(people?.words[0]).toMatch(/^Checking took 0\.50 of the time of finding/)
  const card = RaterCard.parse(await admin(`/raters/${await raterId('Kit')}`))
  expect(card.words.join(' ')).toContain(`Checked ${checked} answers of others`)
  expect(card.words.join(' ')).toContain(`Accepted ${wrong.length} of ${wrong.length} wrong answers`)
  // Found answers alone make the accuracy of the card.
  expect(card.perQuestion[0]?.ratings).toBe(episodes.length - 36)
})

test('a rule is for a question to people that has answers to choose from, and an admin sets it', async () => {
  const refused = await server.request(path('/question-forms'), {
    token,
    json: { criterionSha256: '0'.repeat(64) },
  })
  expect(refused.status).toBe(404)
  const { agent } = await ask(1)
  const { id } = await admin('/rubrics', {
    agent,
    source: `name: numbers\nquestion: How many?\nscale: { number: { min: 0, max: 3 } }\nansweredBy: [human]\n`,
  })
  const sha256 = (await admin(`/rubrics/${id}`)).nodes[0].criterion.sha256
  const number = await server.request(path('/question-forms'), { token, json: { criterionSha256: sha256 } })
  expect([number.status, ((await number.json()) as { detail: string }).detail]).toEqual([
    422,
    'An answer to this question cannot be checked: it has no answers to choose from, or compares two episodes.',
  ])
  for (const json of [undefined, { criterionSha256: sha256 }])
    expect((await as(bob, '/question-forms', json)).status).toBe(403)
})
