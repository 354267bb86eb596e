/** Composition root: puts the server together from its parts, starts it, and takes it apart in reverse. */
import { randomFillSync } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import { deriveKeys } from './accounts/derived-keys.ts'
import { issueLocalAdminToken } from './accounts/local-admin-token.ts'
import { conditionWatch } from './alerts/condition-watch.ts'
import { compareByModels } from './comparisons/compare-by-models.ts'
import { connect, type Database } from './db/connect.ts'
import { migrate } from './db/migrate.ts'
import { advanceDebates } from './debates/advance-debates.ts'
import { readDrift } from './drift/read-drift.ts'
import { eraseExpiredBodies } from './episodes/retention.ts'
import { shipLeftBehind } from './gateway/ship-left-behind.ts'
import { startGateway } from './gateway/start-gateway.ts'
import { createApp } from './http/app.ts'
import type { Effects } from './http/environment.ts'
import { type DataDirectory, openDataDirectory, writeSecretFile } from './launch/data-directory.ts'
import { explainDiskFull } from './launch/disk-space.ts'
import { drawAhead } from './launch/draw-ahead.ts'
import { startEmbeddedPostgres } from './launch/embedded-postgres.ts'
import { requireUsablePostgres } from './launch/external-postgres.ts'
import { GATEWAY_DATABASE, spoolDirectory, spoolsLeftBehind } from './launch/gateway-place.ts'
import type { GatewayProcesses } from './launch/gateway-processes.ts'
import { listen } from './launch/http-listener.ts'
import { idsInOrder } from './launch/ids-in-order.ts'
import { LaunchError } from './launch/launch-error.ts'
import { isAlive } from './launch/postmaster-file.ts'
import { repeat } from './launch/repeat.ts'
import { lockDataDirectory } from './launch/server-lock.ts'
import { type Undo, undoAll } from './launch/undo.ts'
import { createLogger } from './logging/logger.ts'
import { startJudging } from './models/answer-runs.ts'
import { turnCounters } from './monitoring/turn-counters.ts'
import { advisePauses } from './planted-faults/advise-pauses.ts'
import { adviseApprovers } from './planted-requests/advise-approvers.ts'
import { startDrawing } from './planted-requests/start-drawing.ts'
import { createProject } from './projects/create-project.ts'
import { startChecking } from './releases/check-open-releases.ts'
import { askForDrafts } from './rubric-drafts/ask-for-drafts.ts'
import { applyRubrics } from './rubrics/apply-rubrics.ts'
import type { Settings } from './settings/setting-table.ts'
import { openParts } from './splits/open-parts.ts'
import { openTelemetry } from './telemetry/open-telemetry.ts'
import type { Telemetry } from './telemetry/start-telemetry.ts'
import { tellAnswers } from './telemetry/tell-answers.ts'
import { vetRaters } from './vetting/vet-raters.ts'
import { watchPromoted } from './watches/watch-promoted.ts'
import { startDelivering } from './webhooks/start-delivering.ts'

export type StartOptions = {
  readonly settings: Settings
  /** Loads the demo project when it is not there. */
  readonly demo?: boolean
  /** Called with a sentence before each part that can take more than a second. */
  readonly onProgress?: (sentence: string) => void
}

export type RunningServer = {
  readonly kind: 'started'
  readonly address: string
  /** Where processes of their own serve agents, when asked for. */
  readonly gatewayAddress: string | undefined
  /** One use, 15 minutes; when nobody has an account yet, or for the demo. */
  readonly adminLink: string | undefined
  /** Resolves when the embedded PostgreSQL ended although nobody stopped it; nothing works then until a new start. */
  readonly databaseLost: Promise<LaunchError>
  /** Finishes requests under way, then stops everything this start began. */
  readonly stop: () => Promise<void>
}

export type StartOutcome =
  | RunningServer
  | { readonly kind: 'already-running'; readonly address: string; readonly pid: number }

const CHECK_EVERY_MS = 10_000
/** A person who started a run waits for its first answers. */
const JUDGE_EVERY_MS = 2_000
/** A person waits for the draft. */
const DRAFTS_EVERY_MS = 2_000
/** The other side waits. */
const DEBATES_EVERY_MS = 2_000
/** Nobody waits for one answer; a report fills as they come. */
const COMPARISONS_EVERY_MS = 3_000
const WATCH_EVERY_MS = 1_000
/** Somebody waits for a decision. */
const WEBHOOKS_EVERY_MS = 1_000
/** As often as open releases are checked. */
const PROMOTED_EVERY_MS = 10_000
const ALERTS_EVERY_MS = 30_000
/** An agent is read once an hour at most; this is how soon a new one is. */
const DRIFT_EVERY_MS = 60_000
const ANSWERS_EVERY_MS = 5_000
const RETENTION_EVERY_MS = 3_600_000
/** Nobody waits for it: answers count from the moment at which the tier is set. */
const VETTING_EVERY_MS = 30_000
const PAUSES_EVERY_MS = 5 * 60_000
/** A part is wanted by the time somebody answers the whole. */
const PARTS_EVERY_MS = 15_000
/** New episodes have their programs' answers within seconds. */
const PROGRAMS_EVERY_MS = 15_000

const MEGABYTE = 1 << 20

/** Throws LaunchError with one line for what the operator can mend. */
export async function startServer(options: StartOptions): Promise<StartOutcome> {
  const undo: Undo = []
  try {
    return await start(options, undo)
  } catch (error) {
    await undoAll(undo)
    throw explainDiskFull(error, options.settings.dataDir)
  }
}

async function start(
  { settings, demo, onProgress = () => {} }: StartOptions,
  undo: Undo,
): Promise<StartOutcome> {
  const data = openDataDirectory(settings.dataDir)
  const held = await lockDataDirectory(data.path)
  if (held.kind === 'running') return { kind: 'already-running', address: held.address, pid: held.pid }
  undo.push(held.lock.release)

  const log = createLogger(settings.logLevel)
  const { url, db, gatewayDb, lost } = await openDatabase(settings, data, undo, onProgress)
  const randomBytes = drawAhead(randomFillSync)
  const effects: Effects = {
    db,
    now: () => new Date(),
    newId: idsInOrder(Date.now, randomBytes),
    randomBytes,
    ledgerSigner: data.ledgerSigner,
    log,
  }
  await createProject(effects, { slug: 'default', name: 'Default' }, { actor: 'system:start' })
  if (demo === true) await loadDemo(effects, onProgress)

  const { token, sha256 } = issueLocalAdminToken(effects)
  let draining = false
  const turns = turnCounters()
  const telemetry = await openTelemetry(settings, effects)
  if (telemetry !== null) undo.push(telemetry.stop)
  const { sealingKey } = deriveKeys(data.secretsKey)
  const gateway = startGateway(
    { ...effects, db: gatewayDb },
    {
      sealingKey,
      directory: spoolDirectory(data.path),
      spoolBytesMax: settings.spoolMegabytesMax * MEGABYTE,
      durable: settings.spoolDurable === 'yes',
      onTurn: turns.count,
      ...(telemetry === null ? {} : { onShipped: telemetry.turns }),
      publicUrl: settings.publicUrl,
    },
  )
  undo.push(gateway.stop)
  const beside = await openBeside({ ...effects, db: gatewayDb }, telemetry, settings, url)
  undo.push(beside.stop)
  const app = createApp(effects, {
    secretsKey: data.secretsKey,
    localAdminTokenSha256: sha256,
    isDraining: () => draining,
    monitored: async () => [
      { turns: await turns.counted(), upstreams: gateway.upstreams(), spool: gateway.waiting() },
      ...beside.standings(),
    ],
    webhooksPrivate: settings.webhooksPrivate === 'yes',
    ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
  })
  const listener = await listen(app.fetch, settings.host, settings.port, gateway.handle)
  undo.push(() => listener.drain(settings.drainSeconds * 1000))
  undo.push(gateway.letGo)
  writeSecretFile(join(data.path, 'admin-token'), `${token}\n`)
  const watchConditions = conditionWatch(effects, {
    name: `${hostname()}, port ${settings.port}`,
    spool: gateway.waiting,
    spoolBytesMax: settings.spoolMegabytesMax * MEGABYTE,
    upstreams: gateway.upstreams,
  })
  const asking = new AbortController()
  const jobs = [
    startChecking(effects, CHECK_EVERY_MS),
    startJudging(effects, sealingKey, JUDGE_EVERY_MS),
    repeat('debates', DEBATES_EVERY_MS, log, () =>
      advanceDebates(effects, sealingKey, { stop: asking.signal }),
    ),
    repeat('rubric drafts', DRAFTS_EVERY_MS, log, () =>
      askForDrafts(effects, sealingKey, { stop: asking.signal }),
    ),
    repeat('comparisons', COMPARISONS_EVERY_MS, log, () =>
      compareByModels(effects, sealingKey, { stop: asking.signal }),
    ),
    repeat('vetting', VETTING_EVERY_MS, log, () => vetRaters(effects)),
    repeat('pauses', PAUSES_EVERY_MS, log, async () => {
      await advisePauses(effects)
      await adviseApprovers(effects)
    }),
    startDrawing(effects, { stop: asking.signal }),
    repeat('parts', PARTS_EVERY_MS, log, () => openParts(effects)),
    repeat('programs', PROGRAMS_EVERY_MS, log, () => applyRubrics(effects)),
    startDelivering(
      effects,
      {
        sealingKey,
        pageUrl: (settings.publicUrl ?? listener.address).replace(/\/+$/, ''),
        allowsPrivate: settings.webhooksPrivate === 'yes',
      },
      WEBHOOKS_EVERY_MS,
    ),
    repeat('watches', PROMOTED_EVERY_MS, log, () => watchPromoted(effects)),
    repeat('alerts', ALERTS_EVERY_MS, log, watchConditions),
    repeat('drift', DRIFT_EVERY_MS, log, () => readDrift(effects)),
    ...(telemetry === null
      ? []
      : [repeat('telemetry', ANSWERS_EVERY_MS, log, () => tellAnswers(effects, telemetry.events))]),
    repeat('retention', RETENTION_EVERY_MS, log, () => eraseExpiredBodies(effects)),
  ]
  undo.push(() => {
    // What a model was asked is asked again after the next start: nothing of it is recorded.
    asking.abort(new Error('the server stops'))
    return Promise.all(jobs.map((job) => job.stop()))
  })
  held.lock.publish(listener.address)
  log.info({ address: listener.address, dataDir: data.path }, 'started')

  const wantsLink = demo === true || !(await hasPeople(db))
  const adminLink = wantsLink ? await issueAdminLink(listener.address, token) : undefined
  return {
    kind: 'started',
    address: listener.address,
    gatewayAddress: beside.address,
    adminLink,
    databaseLost: lost,
    stop: async () => {
      draining = true
      await undoAll(undo)
      log.info('stopped')
    },
  }
}

async function openDatabase(
  settings: Settings,
  data: DataDirectory,
  undo: Undo,
  onProgress: (sentence: string) => void,
): Promise<{
  readonly url: string
  readonly db: Database
  readonly gatewayDb: Database
  readonly lost: Promise<LaunchError>
}> {
  let url = settings.databaseUrl
  let lost = new Promise<LaunchError>(() => {})
  if (url === undefined) {
    onProgress('Starting PostgreSQL')
    const postgres = await startEmbeddedPostgres({
      directory: join(data.path, 'postgres'),
      password: data.postgresPassword,
    })
    undo.push(postgres.stop)
    url = postgres.url
    const watch = watchProcess(postgres.pid)
    undo.push(watch.stop)
    lost = watch.lost
  } else {
    await requireUsablePostgres(url)
  }
  await migrate(url)
  const db = connect(url, { connectionsMax: settings.databaseConnectionsMax })
  undo.push(() => db.$client.end())
  const gatewayDb = connect(url, GATEWAY_DATABASE)
  undo.push(() => gatewayDb.$client.end())
  return { url, db, gatewayDb, lost }
}

/** By its number, not as our child: an adopted PostgreSQL is nobody's child. */
function watchProcess(pid: number): { readonly lost: Promise<LaunchError>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  const lost = new Promise<LaunchError>((done) => {
    timer = setInterval(() => {
      if (isAlive(pid)) return
      clearInterval(timer)
      done(
        new LaunchError(
          'PostgreSQL ended while Leeway ran. Start Leeway again: what was acknowledged is there.',
        ),
      )
    }, WATCH_EVERY_MS)
    timer.unref()
  })
  return { lost, stop: () => clearInterval(timer) }
}

async function loadDemo(effects: Effects, onProgress: (sentence: string) => void): Promise<void> {
  onProgress('Loading the demo project')
  // Only when asked for: the simulated world need not be loaded to serve real agents.
  const demo = await import('./demo/load-demo.ts')
  await demo.loadDemo(effects)
}

async function hasPeople(db: Database): Promise<boolean> {
  const found = await db.execute(sql`select 1 from users limit 1`)
  return found.rows.length > 0
}

/** By our own API, so that a link is made in one place only. */
async function issueAdminLink(address: string, token: string): Promise<string | undefined> {
  const answer = await fetch(`${address}/api/admin/link`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': v7(),
    },
    body: '{}',
  })
  if (!answer.ok) return undefined
  return ((await answer.json()) as { readonly url?: string }).url
}

type Beside = Pick<GatewayProcesses, 'standings' | 'stop'> & { readonly address: string | undefined }

/** The processes that serve agents beside this one, where a port is set for them; and what those of before left on the disk. */
async function openBeside(
  effects: Effects,
  telemetry: Telemetry | null,
  settings: Settings,
  databaseUrl: string,
): Promise<Beside> {
  const { dataDir, gatewayPort, gatewayProcesses } = settings
  const count = gatewayPort === undefined ? 0 : gatewayProcesses
  for (const directory of spoolsLeftBehind(dataDir, count))
    await shipLeftBehind(effects, directory, telemetry?.turns)
  if (gatewayPort === undefined) return { address: undefined, standings: () => [], stop: async () => {} }
  // Only when asked for: what is not clustered does not load it.
  const { startGatewayProcesses } = await import('./launch/gateway-processes.ts')
  return startGatewayProcesses({ settings, databaseUrl, port: gatewayPort }, { count, log: effects.log })
}
