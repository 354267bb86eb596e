/**
 * A POST may carry an Idempotency-Key: sent again by the same caller with the same body, it answers what it answered
 * before and does nothing; with another body it is refused.
 *
 * A JSON body is compared by its SHA-256. A streamed body (any other content type) cannot be read twice: there the
 * key is bound to route, query, content type, Content-Digest and Content-Length. Answers that hold a secret are
 * not stored; repeating such a request says so. Streamed answers are not stored either, and free the key. A server killed between the act
 * and its record leaves the key in flight; it is free again after ten minutes.
 */
import { createHash } from 'node:crypto'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Context, MiddlewareHandler } from 'hono'
import { idempotencyKeys } from '../projects/tables.ts'
import { AppError } from './app-error.ts'
import { actorOf, type Effects, type ProjectEnv } from './environment.ts'

const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/
const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i
const KEPT_MS = 24 * 3600_000
const IN_FLIGHT_MS = 10 * 60_000
const SWEEP_EVERY_MS = 3600_000
/** Longer answers are done once and not repeated. */
const STORED_BYTES_MAX = 1 << 20

type Stored = { readonly body: string; readonly contentType: string } | { readonly unrepeatable: true }

export function idempotency(effects: Effects): MiddlewareHandler<ProjectEnv> {
  let sweptAtMs = 0
  return async (c, next) => {
    const key = c.req.method === 'POST' ? idempotencyKeyOf(c) : undefined
    if (key === undefined) return next()
    const now = effects.now()
    if (now.getTime() - sweptAtMs > SWEEP_EVERY_MS) {
      sweptAtMs = now.getTime()
      await effects.db
        .delete(idempotencyKeys)
        .where(lt(idempotencyKeys.createdAt, new Date(now.getTime() - KEPT_MS)))
    }
    const own = {
      projectId: c.get('project').id,
      // The caller is part of it: nobody is answered what another was told.
      route: `${actorOf(c.get('principal'))} POST ${c.req.path}`,
      key,
    }
    const answered = await claim(effects, own, await requestSha256(c))
    if (answered !== undefined) return answered
    // A route that throws has been answered by the app's error handler when this returns.
    await next()
    await record(effects, own, c)
  }
}

/** The key of this request, checked; undefined when it has none. */
export function idempotencyKeyOf(c: Context): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || KEY_PATTERN.test(key)) return key
  throw new AppError(
    'bad_request',
    'The Idempotency-Key must be 1 to 200 visible ASCII characters.',
    'Send a UUID.',
    { field: 'header.idempotency-key' },
  )
}

/**
 * For the one POST that makes its own project, so that there is none before to keep the key in: the key is kept in the
 * new project. `made` is what this request made; null when the project was there. Answers what was made under this
 * key, or undefined when it was not this caller with this key.
 */
export async function rememberCreation(
  effects: Effects,
  c: Context,
  creation: { readonly projectId: string; readonly actor: string; readonly made: object | null },
): Promise<unknown> {
  const { projectId, actor, made } = creation
  const key = idempotencyKeyOf(c)
  if (key === undefined) return made ?? undefined
  const own = { projectId, route: `${actor} POST ${c.req.path}`, key }
  if (made === null && (await findKey(effects, own)) === undefined) return undefined
  const before = await claim(effects, own, await requestSha256(c))
  if (before !== undefined) {
    c.header('idempotency-replayed', 'true')
    return before.json()
  }
  // The key was forgotten meanwhile.
  if (made === null) {
    await release(effects, own)
    return undefined
  }
  const stored: Stored = { body: JSON.stringify(made), contentType: 'application/json' }
  await effects.db.update(idempotencyKeys).set({ status: 201, response: stored }).where(isOwn(own))
  return made
}

type OwnKey = { readonly projectId: string; readonly route: string; readonly key: string }

const isOwn = (own: OwnKey) =>
  and(
    eq(idempotencyKeys.projectId, own.projectId),
    eq(idempotencyKeys.route, own.route),
    eq(idempotencyKeys.key, own.key),
  )

/** Takes the key for this request, or answers from what it did before. */
async function claim(effects: Effects, own: OwnKey, requestSha: string): Promise<Response | undefined> {
  const now = effects.now()
  const row = { ...own, requestSha256: requestSha, status: null, response: null, createdAt: now }
  const taken = await effects.db
    .insert(idempotencyKeys)
    .values(row)
    .onConflictDoUpdate({
      target: [idempotencyKeys.projectId, idempotencyKeys.route, idempotencyKeys.key],
      set: { createdAt: now, requestSha256: requestSha, status: null, response: null },
      // Old enough to be forgotten, or left in flight by a server that was killed.
      setWhere: sql`${idempotencyKeys.createdAt} < ${new Date(now.getTime() - KEPT_MS)} or
        (${idempotencyKeys.status} is null and ${idempotencyKeys.createdAt} < ${new Date(now.getTime() - IN_FLIGHT_MS)})`,
    })
    .returning({ key: idempotencyKeys.key })
  if (taken.length > 0) return undefined
  const before = await findKey(effects, own)
  if (before === undefined) return claim(effects, own, requestSha)
  if (before.requestSha256 !== requestSha) {
    throw new AppError(
      'idempotency_mismatch',
      'This Idempotency-Key was sent before with another body.',
      'Send a new key for a new request, or the same body again.',
      { field: 'header.idempotency-key' },
    )
  }
  if (before.status === null) {
    throw new AppError(
      'conflict',
      'A request with this Idempotency-Key is still being worked on.',
      'Wait for its answer, then ask again with the same key.',
      { field: 'header.idempotency-key', retryAfterSeconds: 1 },
    )
  }
  const stored = before.response as Stored
  if ('unrepeatable' in stored) {
    throw new AppError(
      'conflict',
      'This was done already, and its answer is shown only once.',
      'Look at the list of what exists; if the answer is lost, revoke it and make another with a new key.',
      { field: 'header.idempotency-key' },
    )
  }
  return new Response(before.status === 204 ? null : stored.body, {
    status: before.status,
    headers: { 'content-type': stored.contentType, 'idempotency-replayed': 'true' },
  })
}

async function findKey(effects: Effects, own: OwnKey) {
  const [row] = await effects.db.select().from(idempotencyKeys).where(isOwn(own))
  return row
}

/** A refusal did nothing, so it frees the key: the caller may mend the request and send it again. */
async function record(effects: Effects, own: OwnKey, c: Context<ProjectEnv>): Promise<void> {
  const { status } = c.res
  if (status >= 400) return release(effects, own)
  const contentType = c.res.headers.get('content-type') ?? 'application/json'
  let stored: Stored = { unrepeatable: true }
  const isSecret = c.get('shownOnce') === true
  // The act of a streamed answer has only begun: such routes (imports) do nothing twice by their own means.
  if (!isSecret && status !== 204 && !JSON_TYPE.test(contentType)) return release(effects, own)
  if (!isSecret) {
    const body = await c.res.clone().text()
    if (body.length <= STORED_BYTES_MAX) stored = { body, contentType }
  }
  await effects.db.update(idempotencyKeys).set({ status, response: stored }).where(isOwn(own))
}

async function release(effects: Effects, own: OwnKey): Promise<void> {
  await effects.db.delete(idempotencyKeys).where(isOwn(own))
}

async function requestSha256(c: Context): Promise<string> {
  const contentType = c.req.header('content-type') ?? ''
  const hash = createHash('sha256').update(`${new URL(c.req.url).search}\n`)
  const readable = contentType === '' || JSON_TYPE.test(contentType)
  if (readable) return hash.update(await c.req.text()).digest('hex')
  const digest = c.req.header('content-digest') ?? c.req.header('digest') ?? ''
  return hash.update(`${contentType}\n${digest}\n${c.req.header('content-length') ?? ''}`).digest('hex')
}
