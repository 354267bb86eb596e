/**
 * Composition root of a process that serves agents and nothing else: a replica of the gateway without pages, without the API, and without
 * sessions of MCP, which one process must keep. Started by `launch/gateway-processes.ts`, and it ends when that does.
 */
import { randomFillSync } from 'node:crypto'
import { hostname } from 'node:os'
import { deriveKeys } from './accounts/derived-keys.ts'
import { conditionWatch } from './alerts/condition-watch.ts'
import { connect } from './db/connect.ts'
import { startGateway } from './gateway/start-gateway.ts'
import type { Effects } from './http/environment.ts'
import { openDataDirectory } from './launch/data-directory.ts'
import { drawAhead } from './launch/draw-ahead.ts'
import { GATEWAY_DATABASE, spoolDirectory } from './launch/gateway-place.ts'
import type { FromProcess, ProcessOrder, ToProcess } from './launch/gateway-processes.ts'
import { listen } from './launch/http-listener.ts'
import { idsInOrder } from './launch/ids-in-order.ts'
import { repeat } from './launch/repeat.ts'
import { type Undo, undoAll } from './launch/undo.ts'
import { createLogger } from './logging/logger.ts'
import { turnCounters } from './monitoring/turn-counters.ts'
import { openTelemetry } from './telemetry/open-telemetry.ts'

const ALERTS_EVERY_MS = 30_000
const STANDING_EVERY_MS = 1_000
const MEGABYTE = 1 << 20

const undo: Undo = []
const say = (words: FromProcess) => process.send?.(words)

// Ctrl-C goes to all processes of a terminal. This one ends when the first tells it, with what is under way answered.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.on('message', (told: ToProcess) => {
  if ('stop' in told) void undoAll(undo).then(end, end)
  else
    start(told.start).catch((error: unknown) => {
      say({ failed: (error as Error).message })
      void undoAll(undo).then(end, end)
    })
})
say({ ready: true })

function end(failure?: unknown): void {
  process.exit(failure === undefined ? 0 : 1)
}

async function start({ settings, databaseUrl, port, number }: ProcessOrder): Promise<void> {
  const data = openDataDirectory(settings.dataDir)
  const log = createLogger(settings.logLevel)
  const db = connect(databaseUrl, GATEWAY_DATABASE)
  undo.push(() => db.$client.end())
  const randomBytes = drawAhead(randomFillSync)
  const effects: Effects = {
    db,
    now: () => new Date(),
    newId: idsInOrder(Date.now, randomBytes),
    randomBytes,
    ledgerSigner: data.ledgerSigner,
    log,
  }
  const telemetry = await openTelemetry(settings, effects)
  if (telemetry !== null) undo.push(telemetry.stop)
  const turns = turnCounters()
  const spoolBytesMax = settings.spoolMegabytesMax * MEGABYTE
  const gateway = startGateway(effects, {
    sealingKey: deriveKeys(data.secretsKey).sealingKey,
    directory: spoolDirectory(data.path, number),
    spoolBytesMax,
    durable: settings.spoolDurable === 'yes',
    onTurn: turns.count,
    ...(telemetry === null ? {} : { onShipped: telemetry.turns }),
  })
  undo.push(gateway.stop)
  await gateway.refresh()
  const listener = await listen(notHere, settings.host, port, gateway.handleModels, '--gateway-port')
  undo.push(() => listener.drain(settings.drainSeconds * 1_000))
  const watchConditions = conditionWatch(effects, {
    name: `${hostname()}, port ${port}, process ${number}`,
    spool: gateway.waiting,
    spoolBytesMax,
    upstreams: gateway.upstreams,
  })
  const standing = async () => {
    say({
      standing: {
        turns: await turns.counted(),
        upstreams: gateway.upstreams(),
        spool: gateway.waiting(),
      },
    })
  }
  const jobs = [
    repeat('alerts', ALERTS_EVERY_MS, log, watchConditions),
    repeat('standing', STANDING_EVERY_MS, log, standing),
  ]
  undo.push(() => Promise.all(jobs.map((job) => job.stop())))
  say({ listening: listener.address })
}

/** Balancers ask whether it is there; all else is elsewhere. */
function notHere({ url }: { readonly url: string }): Response {
  const { pathname } = new URL(url)
  if (pathname === '/healthz') return Response.json({ status: 'ok' })
  return Response.json(
    {
      error: {
        message:
          'This port serves agents alone: /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/models.',
        type: 'invalid_request_error',
        param: null,
        code: 'not_found',
      },
    },
    { status: 404 },
  )
}
