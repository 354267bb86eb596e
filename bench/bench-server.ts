/**
 * The real app in a process of its own on the embedded PostgreSQL, for benchmarks that speak HTTP; and people who join it.
 *
 * Started again as a process, this file is that server.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { IssuedLink } from '@leeway/contract/accounts'
import { EpisodePage } from '@leeway/contract/episodes'
import { issueLocalAdminToken } from '@leeway/server/accounts/local-admin-token'
import { connect } from '@leeway/server/db/connect'
import { migrate } from '@leeway/server/db/migrate'
import { createApp } from '@leeway/server/http/app'
import { startEmbeddedPostgres } from '@leeway/server/launch/embedded-postgres'
import { listen } from '@leeway/server/launch/http-listener'
import { repeat } from '@leeway/server/launch/repeat'
import { createProject } from '@leeway/server/projects/create-project'
import { vetRaters } from '@leeway/server/vetting/vet-raters'
import pino from 'pino'
import { v7 } from 'uuid'

export type BenchServer = { readonly process: ChildProcess; readonly url: string; readonly token: string }

/** `vetting`: known questions are drawn in the background, as in a server that is used. */
export async function withBenchServer(
  options: { readonly vetting: boolean },
  work: (server: BenchServer, databaseUrl: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-'))
  try {
    const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: 'bench' })
    try {
      const server = await startServer(postgres.url, options.vetting)
      try {
        await work(server, postgres.url)
      } finally {
        await endServer(server)
      }
    } finally {
      await postgres.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One that has crashed tells of its end no more. */
export async function endServer({ process: own }: BenchServer): Promise<void> {
  if (own.exitCode !== null || own.signalCode !== null) return
  const exited = once(own, 'exit')
  own.kill('SIGTERM')
  await exited
}

/** The cookie of the new rater. */
export async function joinAsRater(server: BenchServer, email: string, project = 'default'): Promise<string> {
  const invited = await sendTo(server, '/members/invite', { json: { role: 'rater' }, project })
  const link = IssuedLink.parse(JSON.parse(invited))
  const joined = await fetch(`${server.url}/api/links/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: link.url.split('#')[1],
      password: 'correct horse battery',
      email,
      name: email,
    }),
  })
  if (!joined.ok) throw new Error(`${email} could not join: ${await joined.text()}`)
  return joined.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

export type BenchRequest = {
  readonly json?: object
  readonly body?: string
  readonly cookie?: string
  readonly project?: string
}

/** As the operator unless a cookie says otherwise. */
export async function sendTo(server: BenchServer, path: string, request: BenchRequest = {}): Promise<string> {
  const body = request.body ?? (request.json === undefined ? undefined : JSON.stringify(request.json))
  const answer = await fetch(`${server.url}/api/projects/${request.project ?? 'default'}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: {
      'content-type': request.body === undefined ? 'application/json' : 'application/octet-stream',
      ...(request.cookie === undefined
        ? { authorization: `Bearer ${server.token}` }
        : { cookie: request.cookie, origin: server.url }),
    },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return text
}

/** Of all episodes, or of one policy's. */
export async function episodeIds(server: BenchServer, policy?: string): Promise<string[]> {
  const ids: string[] = []
  const query = new URLSearchParams({ limit: '200', ...(policy === undefined ? {} : { policy }) })
  for (;;) {
    const page = EpisodePage.parse(JSON.parse(await sendTo(server, `/episodes?${query}`)))
    ids.push(...page.items.map(({ id }) => id))
    if (page.nextCursor === null) return ids
    query.set('cursor', page.nextCursor)
  }
}

async function startServer(databaseUrl: string, vetting: boolean): Promise<BenchServer> {
  const own = fileURLToPath(import.meta.url)
  const child = spawn(
    process.execPath,
    ['--conditions=@leeway/source', '--import', 'tsx', own, databaseUrl, vetting ? 'vetting' : ''],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, token } = JSON.parse(line) as { url: string; token: string }
    return { process: child, url, token }
  }
  throw new Error('the server ended before it listened')
}

const VETTING_EVERY_MS = 2_000

/** As `leeway serve` puts it together, with room for 100 people who join from one address within a minute. */
async function serveHere(databaseUrl: string, vetting: boolean): Promise<void> {
  await migrate(databaseUrl)
  const { privateKey } = generateKeyPairSync('ed25519')
  const effects = {
    db: connect(databaseUrl, { connectionsMax: 10 }),
    now: () => new Date(),
    newId: () => v7(),
    randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    ledgerSigner: { keyId: 'bench', privateKey },
    log: pino({ level: 'warn' }),
  }
  await createProject(effects, { slug: 'default', name: 'Default' }, { actor: 'system:bench' })
  const { token, sha256 } = issueLocalAdminToken(effects)
  const app = createApp(effects, {
    secretsKey: new Uint8Array(randomBytes(32)),
    localAdminTokenSha256: sha256,
    rateLimits: { address: { burst: 10_000, perMinute: 10_000 } },
  })
  const { address } = await listen(app.fetch, '127.0.0.1', 0)
  if (vetting) repeat('vetting', VETTING_EVERY_MS, effects.log, () => vetRaters(effects))
  console.log(JSON.stringify({ url: address, token }))
  process.on('SIGTERM', () => process.exit(0))
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await serveHere(process.argv[2] ?? '', process.argv[3] === 'vetting')
