/** Everything the study needs, in real processes: PostgreSQL, the server at which people decide, two replicas, models. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApiKey, inviteMember } from '@leeway/contract/accounts'
import { writeContract } from '@leeway/contract/autonomy'
import type { Client } from '@leeway/contract/client'
import { setServing, setUpstream } from '@leeway/contract/gateway'
import { declarePolicy } from '@leeway/contract/policies'
import { startRelease } from '@leeway/contract/releases'
import { connect, type Database } from '@leeway/server/db/connect'
import type { Effects } from '@leeway/server/http/environment'
import { ledgerSignerFrom } from '@leeway/server/launch/data-directory'
import { startEmbeddedPostgres } from '@leeway/server/launch/embedded-postgres'
import { recordDecisions } from '@leeway/server/releases/record-decisions'
import { releases } from '@leeway/server/releases/tables'
import { eq } from 'drizzle-orm'
import pino from 'pino'
import { v7 } from 'uuid'
import { startKillable } from '../crash/killable-server.ts'
import { type Replica, startReplica } from './replica.ts'
import type { Proposed } from './upstream.ts'
import { AGENTS, contractOf } from './world.ts'

export type Stand = {
  readonly replicas: readonly [Replica, Replica]
  /** Where people decide; nothing breaks there. */
  readonly people: { readonly address: string; readonly cookie: string; readonly client: Client }
  readonly projectId: string
  /** Of the study itself, straight to the database. */
  readonly effects: Effects
  readonly key: string
  /** What the models proposed so far. */
  readonly proposed: readonly Proposed[]
  readonly stop: () => Promise<void>
}

export type StandOptions = {
  readonly seed: number
  /** Of a copy that was broken on purpose: the replicas run from it. */
  readonly sources?: string | undefined
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** Arguments of the models' program after the seed. */
  readonly upstream?: readonly string[]
}

export async function startStand(options: StandOptions): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-gateway-'))
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const postgres = await startEmbeddedPostgres({
      directory: join(folder, 'postgres'),
      password: 'study',
      parameters: { max_connections: '200' },
    })
    undo.push(postgres.stop)
    const db = connect(postgres.url, { connectionsMax: 6 })
    undo.push(() => db.$client.end())
    const people = await startKillable(join(folder, 'people'), {
      environment: { DATABASE_URL: postgres.url },
    })
    undo.push(people.stop)
    const models = startModels(options)
    undo.push(models.stop)
    const key = await setUp(people.client, await models.url)
    const effects = effectsOf(db)
    const projectId = await openStage(effects, people.client)
    const secretsKey = randomBytes(32).toString('base64')
    const started = await Promise.all(
      ['one', 'two'].map((name) =>
        startReplica({ ...options, name, folder, databaseUrl: postgres.url, secretsKey }),
      ),
    )
    for (const replica of started) undo.push(replica.stop)
    const [one, two] = started
    if (one === undefined || two === undefined) throw new Error('a replica did not start')
    return {
      replicas: [one, two],
      people: {
        address: people.address,
        cookie: await joinAsAdmin(people.address, people.client),
        client: people.client,
      },
      projectId,
      effects,
      key,
      proposed: models.proposed,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function startModels({ seed, upstream = [] }: StandOptions) {
  const program = fileURLToPath(new URL('upstream.ts', import.meta.url))
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@leeway/source', '--import', 'tsx', program, String(seed), ...upstream],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const proposed: Proposed[] = []
  const url = new Promise<string>((done, fail) => {
    child.on('message', (message: Proposed | { readonly url: string }) => {
      if ('url' in message) done(message.url)
      else proposed.push(message)
    })
    child.on('exit', () => fail(new Error('the models ended')))
  })
  return { url, proposed, stop: () => child.kill() }
}

/** The key of the agents' programs. */
async function setUp(client: Client, upstream: string): Promise<string> {
  await client.call(setUpstream, { body: { name: 'models', baseUrl: upstream } })
  for (const agent of AGENTS) {
    for (const [policy, model] of [
      ['v1', 'model-1'],
      ['v2', 'model-2'],
    ] as const) {
      await client.call(declarePolicy, { body: { agent, name: policy, config: { model } } })
      await client.call(setServing, { body: { agent, policy, upstream: 'models', model } })
    }
    await client.call(writeContract, { body: contractOf(agent) })
  }
  const { key } = await client.call(createApiKey, {
    body: { name: 'agents', scopes: ['act'], expiresInDays: null },
  })
  return key
}

/** Half of the conversations go to the candidate. Only what a gateway sees of a promotion. Answers the project's id. */
async function openStage(effects: Effects, client: Client): Promise<string> {
  const { id } = await client.call(startRelease, {
    body: { agent: 'desk', baseline: 'v1', candidate: 'v2', unitSource: 'stream' },
  })
  const [release] = await effects.db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('the release is not there')
  const by = { actor: 'gate', reason: '', checkId: null, evidence: {} }
  await effects.db.transaction((tx) =>
    recordDecisions(
      tx,
      effects,
      release,
      [{ kind: 'promote', fromStage: 'shadow', toStage: 'sample-2' }],
      by,
    ),
  )
  return release.projectId
}

function effectsOf(db: Database): Effects {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    db,
    now: () => new Date(),
    newId: () => v7(),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    ledgerSigner: ledgerSignerFrom(pem),
    log: pino({ level: 'error' }),
  }
}

/** A person: keys decide nothing about held calls. Answers her cookie. */
async function joinAsAdmin(address: string, client: Client): Promise<string> {
  const { url } = await client.call(inviteMember, { body: { role: 'admin' } })
  const joined = await fetch(`${address}/api/links/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({
      token: url.split('#')[1],
      password: 'correct horse battery',
      email: 'ada@example.org',
      name: 'Ada',
    }),
  })
  if (!joined.ok) throw new Error(`nobody could join: ${await joined.text()}`)
  return joined.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
