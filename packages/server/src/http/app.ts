/** The HTTP server's routes put together: what every request passes, in order, and who answers when nobody does. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AccountServices } from '../accounts/account-services.ts'
import { createAuth } from '../accounts/auth.ts'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { createKeyRing } from '../accounts/key-ring.ts'
import { linkRoutes } from '../accounts/link-routes.ts'
import { sessionRoutes } from '../accounts/session-routes.ts'
import { episodeAliases } from '../episodes/episode-alias.ts'
import { type Monitored, monitoringRoutes } from '../monitoring/routes.ts'
import { projectListRoutes } from '../projects/project-list-routes.ts'
import { AppError } from './app-error.ts'
import { clientAddress } from './client-address.ts'
import type { App, Effects, ProjectEnv } from './environment.ts'
import { PROJECT_FEATURES, PROTOCOL_FEATURES } from './features.ts'
import { healthRoutes } from './health.ts'
import { idempotency } from './idempotency.ts'
import { noSooner, RATER_ANSWER_MS } from './no-sooner.ts'
import { openApiDocument } from './open-api.ts'
import { pageFiles, WEB_DIRECTORY } from './page-files.ts'
import { problemResponse } from './problem.ts'
import { keyProjectAccess, projectAccess } from './project-access.ts'
import { createRateLimit } from './rate-limit.ts'
import { RATE_LIMITS, type RateLimits } from './rate-limits.ts'
import { ownOrigin } from './request-origin.ts'
import { securityHeaders } from './security-headers.ts'
import { refuseInvalid } from './validation.ts'

export type AppOptions = {
  /** 32 bytes of the data directory: signs sessions, seals provider keys. */
  readonly secretsKey: Uint8Array
  /** `sha256` of `issueLocalAdminToken`. Without it nobody is the operator. */
  readonly localAdminTokenSha256?: string
  /** As people's browsers see the server, e.g. `https://leeway.example.org`; https makes cookies Secure. */
  readonly publicUrl?: string
  /** While true `/readyz` refuses, so that a load balancer looks elsewhere. */
  readonly isDraining?: () => boolean
  /** Folder of the built page; by default the one of this installation. */
  readonly webDirectory?: string
  /** Whether webhooks may go to private networks, and without TLS. */
  readonly webhooksPrivate?: boolean
  readonly rateLimits?: Partial<RateLimits>
  /** What a rater waits for an answer at least, milliseconds. 0: as long as it takes, by which known questions may be told. */
  readonly raterAnswerMs?: number
  /** The gateway of this process, where it has one. */
  readonly monitored?: Monitored
}

/** Bodies that are read whole. Streams of other content types have limits of their own, in their routes. */
const BODY_BYTES_MAX = 1 << 20
/** OTLP exporters batch whole traces into one JSON body. */
const PROTOCOL_BODY_BYTES_MAX = 64 << 20

/** A hono app: `serve({ fetch: app.fetch })`. Knows nothing of sockets, signals or the command line. */
export function createApp(effects: Effects, options: AppOptions): App {
  const https = options.publicUrl?.startsWith('https:') === true
  const accounts = accountServices(effects, options, https)
  const app = new OpenAPIHono<ProjectEnv>({ defaultHook: refuseInvalid, strict: false })

  app.use('*', requestRecord(effects))
  app.use('*', securityHeaders({ https }))
  app.onError((error, c) => problemResponse(error, c, effects.log))
  app.notFound((c) => problemResponse(nobodyAnswers(app, c), c, effects.log))

  app.route('/', healthRoutes(effects, { isDraining: options.isDraining ?? (() => false) }))
  app.use('/api/*', limitBody(BODY_BYTES_MAX))
  app.route('/api', sessionRoutes(effects, accounts))
  app.route('/api', linkRoutes(effects, accounts))
  app.route('/api/projects', projectListRoutes(effects, accounts))

  app.use(
    '/api/projects/:project/*',
    noSooner(options.raterAnswerMs ?? RATER_ANSWER_MS),
    projectAccess(accounts.identity),
    idempotency(effects),
  )
  for (const routes of PROJECT_FEATURES) app.route('/api/projects/:project', routes(effects, accounts))
  app.route('/api/projects/:project', monitoringRoutes(effects, options.monitored ?? null))

  app.use('/v1/*', limitBody(PROTOCOL_BODY_BYTES_MAX), keyProjectAccess(accounts.identity))
  for (const routes of PROTOCOL_FEATURES) app.route('/v1', routes(effects, accounts))

  const document = openApiDocument(app)
  app.get('/api/openapi.json', (c) => c.json(document()))
  app.use('*', pageFiles(options.webDirectory ?? WEB_DIRECTORY))
  return app
}

function accountServices(effects: Effects, options: AppOptions, https: boolean): AccountServices {
  const { sessionSecret, sealingKey, aliasKey } = deriveKeys(options.secretsKey)
  const sizes = { ...RATE_LIMITS, ...options.rateLimits }
  const login = createRateLimit(sizes.login, effects.now, 'passwords for this account from this address')
  const address = createRateLimit(sizes.address, effects.now, 'sign-ins from this address')
  const key = createRateLimit(sizes.key, effects.now, 'requests with this key')
  const badKey = createRateLimit(sizes.badKey, effects.now, 'unknown keys from this address')
  const auth = createAuth(effects.db, { secret: sessionSecret, https })
  const keyRing = createKeyRing(effects)
  return {
    auth,
    keyRing,
    sealingKey,
    webhooksPrivate: options.webhooksPrivate === true,
    aliases: episodeAliases(aliasKey),
    identity: {
      effects,
      auth,
      keyRing,
      localAdminTokenSha256: options.localAdminTokenSha256,
      publicUrl: options.publicUrl,
      onBadKey: (c) => badKey.take(clientAddress(c)),
      onKey: key.take,
    },
    limitLogin: (c, account) => {
      address.take(clientAddress(c))
      login.take(`${clientAddress(c)} ${account.toLowerCase()}`)
    },
    limitAddress: (c) => address.take(clientAddress(c)),
    pageUrl: (c) => ownOrigin(c, options.publicUrl),
  }
}

const REQUEST_ID = /^[\w.-]{8,64}$/

/** Gives the request an id (the caller's, when it is a harmless one) and one line in the log: no query, no body. */
function requestRecord(effects: Effects): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : effects.newId()
    c.set('requestId', requestId)
    c.header('x-request-id', requestId)
    const startMs = performance.now()
    await next()
    const durationMs = Math.round(performance.now() - startMs)
    const { method, path } = c.req
    effects.log.info({ requestId, method, path, status: c.res.status, durationMs }, 'request')
  }
}

function limitBody(maxSize: number): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError('too_large', `The body is larger than ${maxSize} bytes.`, 'Send less at once.')
    },
  })
  return (c, next) => (isStream(c) ? next() : limit(c, next))
}

/** JSON and forms are read whole; what is sent as bytes or lines is read as it comes. */
function isStream(c: Context): boolean {
  const contentType = c.req.header('content-type') ?? ''
  return /^application\/(octet-stream|gzip|x-gzip|x-ndjson|jsonl)\b/i.test(contentType)
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The path is there with another method (405), or not at all (404). */
function nobodyAnswers(app: App, c: Context): AppError {
  const allowed = METHODS.filter((method) =>
    app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
  )
  if (allowed.length > 0 && !allowed.some((method) => method === c.req.method)) {
    c.header('allow', allowed.join(', '))
    return new AppError(
      'method_not_allowed',
      `${c.req.path} does not answer ${c.req.method}.`,
      `It answers ${allowed.join(', ')}.`,
    )
  }
  return new AppError(
    'not_found',
    `There is nothing at ${c.req.path.slice(0, 200)}.`,
    'GET /api/openapi.json lists every route.',
  )
}
