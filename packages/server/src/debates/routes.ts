/** HTTP of debates. One who sits at a debate is told what the seat may know; the whole record is for readers. */
import { z } from '@hono/zod-openapi'
import {
  DebateList,
  DebateRecord,
  DebateRoom,
  JudgeRound,
  OwnDebates,
  SetUpDebate,
  Speak,
  TakeSeat,
} from '@leeway/contract/debates'
import type { AccountServices } from '../accounts/account-services.ts'
import { raterOf } from '../assignments/rater-of.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { debateList, debateRecord } from './debate-list.ts'
import { recordJudgment, recordSpeech, refuseJudgment, refuseSpeech } from './record-step.ts'
import { debateRoom, ownDebates } from './room.ts'
import { requireSeat, takeSeat } from './seats.ts'
import { setUpDebate } from './set-up-debate.ts'
import { findDebate, type StoredDebate } from './stored-debate.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ debate: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/debates',
  scope: 'read',
  summary: 'Debates and consultancies, and how persuasive who is on which side',
  responses: { 200: json(DebateList, 'The newest 200.') },
})
const setUpRoute = projectRoute({
  method: 'post',
  path: '/debates',
  scope: 'admin',
  summary: 'Set up a debate about a question on an episode',
  request: body(SetUpDebate),
  responses: { 200: json(z.object({ id: z.string() }), 'Who speaks for which answer was drawn.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/debates/{debate}',
  scope: 'read',
  summary: 'The record of a debate, round by round',
  request: { params },
  responses: { 200: json(DebateRecord, 'Quotes are checked against the episode.') },
})
const ownRoute = projectRoute({
  method: 'get',
  path: '/review/debates',
  scope: 'rate',
  summary: 'Debates at which you sit, and seats that you may take',
  responses: { 200: json(OwnDebates, 'Those that wait for you first.') },
})
const roomRoute = projectRoute({
  method: 'get',
  path: '/review/debates/{debate}',
  scope: 'rate',
  summary: 'A debate as your seat may see it',
  request: { params },
  responses: { 200: json(DebateRoom, 'Nobody is named.') },
})
const seatRoute = projectRoute({
  method: 'post',
  path: '/review/debates/{debate}/seat',
  scope: 'rate',
  summary: 'Take a seat that nobody has',
  request: { params, ...body(TakeSeat) },
  responses: { 200: json(DebateRoom, 'Yours now.') },
})
const speechRoute = projectRoute({
  method: 'post',
  path: '/review/debates/{debate}/speech',
  scope: 'rate',
  summary: 'Speak in a round; the first speech of a round stands',
  request: { params, ...body(Speak) },
  responses: { 200: json(DebateRoom, 'As it stands now.') },
})
const judgmentRoute = projectRoute({
  method: 'post',
  path: '/review/debates/{debate}/judgment',
  scope: 'rate',
  summary: 'Say after a round how probable answer A is, and whether to stop',
  request: { params, ...body(JudgeRound) },
  responses: { 200: json(DebateRoom, 'The first judgment of a round stands.') },
})

export function debateRoutes(effects: Effects, { aliases }: Pick<AccountServices, 'aliases'>): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const roomOf = async (projectId: string, debate: StoredDebate, raterId: string): Promise<DebateRoom> => {
    const now = (await findDebate(db, projectId, debate.row.id)) ?? debate
    const [seat] = [...now.seats].find(([, sits]) => sits === raterId) ?? []
    if (seat === undefined) throw new Error('a seat was lost')
    return aliasAnswer(aliases, projectId, DebateRoom.parse(await debateRoom(db, now, seat)))
  }

  router.openapi(listRoute, async (c) =>
    c.json(DebateList.parse(await debateList(effects, c.var.project.id)), 200),
  )
  router.openapi(setUpRoute, async (c) => {
    const { project, principal } = c.var
    const id = await setUpDebate(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json({ id }, 200)
  })
  router.openapi(showRoute, async (c) => {
    const { project, principal } = c.var
    const debate = await findDebate(db, project.id, c.req.valid('param').debate)
    if (debate === undefined)
      throw new AppError(
        'not_found',
        'There is no such debate in this project.',
        'List the debates to find it.',
      )
    if (principal.kind === 'person' && debate.next.kind !== 'over') {
      const { raterId } = await raterOf(effects, project.id, principal)
      if ([...debate.seats.values()].includes(raterId))
        throw new AppError(
          'forbidden',
          'You sit at this debate, and it goes on.',
          'Read it from your seat; the whole record opens when it is over.',
        )
    }
    return c.json(DebateRecord.parse(await debateRecord(effects, debate)), 200)
  })
  router.openapi(ownRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    return c.json(OwnDebates.parse(await ownDebates(db, rater)), 200)
  })
  router.openapi(roomRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { debate } = await requireSeat(db, rater, c.req.valid('param').debate)
    return c.json(await roomOf(rater.projectId, debate, rater.raterId), 200)
  })
  router.openapi(seatRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const debate = await takeSeat(effects, rater, c.req.valid('param').debate, c.req.valid('json').seat)
    return c.json(await roomOf(rater.projectId, debate, rater.raterId), 200)
  })
  router.openapi(speechRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { debate, seat } = await requireSeat(db, rater, c.req.valid('param').debate)
    const { round, text, startedAt } = c.req.valid('json')
    if (seat === 'judge')
      throw new AppError('conflict', 'You judge here, and make no speeches.', 'Write it as your comment.')
    if (refuseSpeech(debate, seat, round, text) === 'due')
      await recordSpeech(db, debate, { round, side: seat }, { text, silent: null, ...timesOf(startedAt) })
    return c.json(await roomOf(rater.projectId, debate, rater.raterId), 200)
  })
  router.openapi(judgmentRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { debate, seat } = await requireSeat(db, rater, c.req.valid('param').debate)
    const { round, probabilityA, stop, comment, startedAt } = c.req.valid('json')
    if (seat !== 'judge')
      throw new AppError('conflict', 'You speak here, and do not judge.', 'Wait for your turn to speak.')
    if (refuseJudgment(debate, round) === 'due')
      await recordJudgment(db, debate, round, { probabilityA, stop, comment, ...timesOf(startedAt) })
    return c.json(await roomOf(rater.projectId, debate, rater.raterId), 200)
  })

  /** The clock of a browser may be ahead. */
  function timesOf(startedAt: string) {
    const at = effects.now()
    const started = new Date(startedAt)
    return { costUsd: null, tokens: null, startedAt: started > at ? at : started, at }
  }
  return router
}
