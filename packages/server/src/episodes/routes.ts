/** HTTP of stored episodes. Answers for raters are built from an allow-list: no policy, arm, task or outcome. */

import { gzipSync } from 'node:zlib'
import { z } from '@hono/zod-openapi'
import {
  EpisodeDetail,
  EpisodePage,
  EpisodeQuery,
  EpisodeRules,
  EpisodeView,
  ErasedEpisode,
  EraseEpisode,
  RaterEpisodeDetail,
  RaterEpisodePage,
  StepBodies,
  StepBodiesQuery,
  StepIndex,
} from '@leeway/contract/episodes'
import type { AccountServices } from '../accounts/account-services.ts'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects, type Principal } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, hasScope, projectRoute } from '../http/feature-router.ts'
import { type ShownCopies, shownCopies } from '../planted-faults/shown-copies.ts'
import { readEpisodeRules, writeEpisodeRules } from './episode-rules.ts'
import { episodeState, listEpisodes, showEpisode, showStepBodies, showStepIndex } from './episode-views.ts'
import { eraseEpisode } from './erase-episode.ts'
import { blindIndex, blindSteps } from './rater-view.ts'

/** The id of no episode. */
const NOWHERE = '00000000-0000-0000-0000-000000000000'
const EpisodeParams = z.object({ episode: z.uuid() })
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const listRoute = projectRoute({
  method: 'get',
  path: '/episodes',
  scope: 'member',
  summary: 'List episodes, newest import first',
  request: { query: EpisodeQuery },
  responses: { 200: json(z.union([EpisodePage, RaterEpisodePage]), 'A page; raters get the short form.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/episodes/{episode}',
  scope: 'member',
  summary: 'Show an episode without its steps',
  request: { params: EpisodeParams, query: EpisodeView },
  responses: { 200: json(z.union([EpisodeDetail, RaterEpisodeDetail]), 'Raters get the short form.') },
})
const stepsRoute = projectRoute({
  method: 'get',
  path: '/episodes/{episode}/steps',
  scope: 'member',
  summary: 'List all steps of an episode in columns, with previews',
  request: { params: EpisodeParams, query: EpisodeView },
  responses: { 200: json(StepIndex, 'Entry i of each list belongs to step i.') },
})
const bodiesRoute = projectRoute({
  method: 'get',
  path: '/episodes/{episode}/steps/bodies',
  scope: 'member',
  summary: 'Read whole steps',
  request: { params: EpisodeParams, query: StepBodiesQuery },
  responses: { 200: json(StepBodies, 'Fewer than asked for when they are large: go on at nextFrom.') },
})
const eraseRoute = projectRoute({
  method: 'post',
  path: '/episodes/{episode}/erase',
  scope: 'admin',
  summary: 'Erase an episode; its outcome stays as a tombstone without words',
  request: { params: EpisodeParams, ...body(EraseEpisode) },
  responses: { 200: json(ErasedEpisode, 'Erased, with the ledger entry.') },
})
const rulesRoute = projectRoute({
  method: 'get',
  path: '/episode-rules',
  scope: 'read',
  summary: 'Show the rules of redaction and retention',
  responses: { 200: json(EpisodeRules, 'The rules in force.') },
})
const setRulesRoute = projectRoute({
  method: 'put',
  path: '/episode-rules',
  scope: 'admin',
  summary: 'Change the rules of redaction and retention, from the next import on',
  request: body(EpisodeRules),
  responses: { 200: json(EpisodeRules, 'The rules in force now.') },
})

export function episodeRoutes(
  effects: Effects,
  { aliases }: Pick<AccountServices, 'aliases'>,
): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  /** Raters know episodes by their aliases only; others may use either. An id that a rater may not know leads nowhere. */
  const idMeant = (projectId: string, named: string, principal: Principal): string =>
    aliases.idOf(projectId, named) ?? (hasScope(principal, 'read') ? named : NOWHERE)

  /** The same for steps: of a copy, where the rater is shown one. */
  const stepsMeant = async (blind: boolean, projectId: string, named: string, principal: Principal) => {
    const id = idMeant(projectId, named, principal)
    return blind ? ((await shownCopies(db, projectId, principal)).of.get(id)?.copyId ?? id) : id
  }

  router.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query')
    const blind = isBlind(c.var.principal)
    const last = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
    const before = last === undefined ? null : idMeant(c.var.project.id, last, c.var.principal)
    // A filter by policy or outcome would tell what the answer hides.
    const shown = blind ? { text: filter.text } : filter
    const rows = await listEpisodes(db, c.var.project.id, shown, {
      limit: limit + 1,
      before,
      shuffled: blind,
    })
    const copies = blind ? await shownCopies(db, c.var.project.id, c.var.principal) : null
    const named =
      copies === null
        ? rows
        : rows.map((row) => ({ ...copied(row, copies), id: aliases.aliasOf(c.var.project.id, row.id) }))
    const page = pageOfRows(named, limit, ({ id }) => [id])
    const answer = { items: page.rows, nextCursor: page.nextCursor }
    return c.json(blind ? RaterEpisodePage.parse(answer) : EpisodePage.parse(answer), 200)
  })

  router.openapi(showRoute, async (c) => {
    const blind = isBlind(c.var.principal, c.req.valid('query'))
    const episode = idMeant(c.var.project.id, c.req.valid('param').episode, c.var.principal)
    const found = await showEpisode(db, c.var.project.id, episode)
    if (found === null) throw await absent(effects, c.var.project.id, episode)
    if (!blind) return c.json(found, 200)
    const copies = await shownCopies(db, c.var.project.id, c.var.principal)
    const shown = { ...copied(found, copies), id: aliases.aliasOf(c.var.project.id, episode) }
    return c.json(RaterEpisodeDetail.parse(shown), 200)
  })

  router.openapi(stepsRoute, async (c) => {
    const blind = isBlind(c.var.principal, c.req.valid('query'))
    const episode = await stepsMeant(blind, c.var.project.id, c.req.valid('param').episode, c.var.principal)
    const found = await showStepIndex(db, c.var.project.id, episode)
    if (found === null) throw await absent(effects, c.var.project.id, episode)
    const answer = JSON.stringify(blind ? blindIndex(found) : found)
    const headers = { 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding' }
    // 10,000 steps are about 1.5 MB as text and a tenth of that packed.
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '') || answer.length < 4_096)
      return new Response(answer, { headers }) as never
    const packed = gzipSync(answer, { level: 1 })
    return new Response(packed, { headers: { ...headers, 'content-encoding': 'gzip' } }) as never
  })

  router.openapi(bodiesRoute, async (c) => {
    const { from, count, ...view } = c.req.valid('query')
    const blind = isBlind(c.var.principal, view)
    const episode = await stepsMeant(blind, c.var.project.id, c.req.valid('param').episode, c.var.principal)
    const found = await showStepBodies(db, c.var.project.id, episode, from, count)
    if (found.steps.length === 0) {
      const state = await episodeState(db, c.var.project.id, episode)
      if (state !== 'whole') throw await absent(effects, c.var.project.id, episode)
    }
    return c.json(blind ? { ...found, steps: blindSteps(found.steps) } : found, 200)
  })

  router.openapi(eraseRoute, async (c) => {
    const { episode } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const actor = actorOf(c.var.principal)
    const erasing = { projectId: c.var.project.id, episodeId: episode, actor, reason }
    return c.json(await eraseEpisode(effects, erasing), 200)
  })

  router.openapi(rulesRoute, async (c) => c.json(await readEpisodeRules(db, c.var.project.id), 200))
  router.openapi(setRulesRoute, async (c) => {
    const actor = actorOf(c.var.principal)
    return c.json(await writeEpisodeRules(effects, c.var.project.id, actor, c.req.valid('json')), 200)
  })
  return router
}

/** With the figures of the copy that the rater is shown in its place. */
function copied<Header extends { readonly id: string }>(header: Header, copies: ShownCopies): Header {
  const copy = copies.of.get(header.id)
  return copy === undefined ? header : { ...header, stepCount: copy.stepCount, errorCount: copy.errorCount }
}

/** Who may not read everything sees what a rater sees; and who asks to see it so. */
function isBlind(principal: Principal, view: EpisodeView = {}): boolean {
  return view.as === 'rater' || !hasScope(principal, 'read')
}

async function absent({ db }: Effects, projectId: string, episodeId: string): Promise<AppError> {
  switch (await episodeState(db, projectId, episodeId)) {
    case 'erased':
      return new AppError('gone', `Episode ${episodeId} was erased.`, 'Only its outcome is kept.')
    case 'withoutText':
      return new AppError(
        'gone',
        `The text of episode ${episodeId} was erased when its retention days were over.`,
        'Its header and outcome are still there.',
      )
    default:
      return new AppError(
        'not_found',
        `There is no episode ${episodeId} in this project.`,
        'List them with: leeway episode list',
      )
  }
}
