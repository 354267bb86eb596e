/** The gateway put together from its parts, and taken apart again. */
import { join } from 'node:path'
import { askPeople } from '../holds/ask-people.ts'
import { holdTellers } from '../holds/tellers.ts'
import type { Effects } from '../http/environment.ts'
import { repeat } from '../launch/repeat.ts'
import { callGate } from '../mcp/call-gate.ts'
import { mcpHandler } from '../mcp/mcp-handler.ts'
import { roleOfUnit } from '../releases/serve-unit.ts'
import { judgeDrafts } from '../rewards/judged-drafts.ts'
import { drawPairs } from '../shadows/draw-pairs.ts'
import { shadowCalls } from '../shadows/shadow-calls.ts'
import { assembleEpisodes, type FailedConversations, QUIET_MS } from './assemble-episodes.ts'
import { upstreamCalls } from './call-upstream.ts'
import { conversations } from './conversations.ts'
import { enforcedNow } from './enforced.ts'
import { followBundle } from './follow-bundle.ts'
import { type GatewayHandler, gatewayHandler } from './gateway-handler.ts'
import { measuredGold } from './measured-gold.ts'
import { GatewayRefusal } from './openai-error.ts'
import { type PatientUpstreams, patientUpstreams } from './patient-upstreams.ts'
import { minuteLimit } from './require-within.ts'
import { answerScoring } from './score-answers.ts'
import { type ShippingOptions, shipSpool } from './ship-spool.ts'
import { dailySpend } from './spend.ts'
import { openSpool, type Spool } from './spool.ts'
import { turnLine } from './turn-line.ts'
import type { TurnRecord } from './turn-record.ts'

export type Gateway = {
  readonly handle: GatewayHandler['handle']
  /** Without what MCP's clients ask, whose sessions one process keeps. */
  readonly handleModels: GatewayHandler['handle']
  /** Reads what is enforced now, for whoever cannot wait to be told. */
  readonly refresh: () => Promise<void>
  /** Ships all records that are on this machine's disk. */
  readonly flush: () => Promise<void>
  /** Resolves when nothing that candidates answered waits to be scored. */
  readonly scored: () => Promise<void>
  /** What waits on this machine's disk for the database. */
  readonly waiting: Spool['waiting']
  /** What happened with each upstream since this process began. */
  readonly upstreams: PatientUpstreams['standings']
  /** Resolves when no candidate is asked beside the baseline any more. */
  readonly shadowed: () => Promise<void>
  /** Ends what clients of the MCP gate keep open: it would keep the server from ending. */
  readonly letGo: () => Promise<void>
  /** Waits for what is under way, ships what can be shipped, and lets go. */
  readonly stop: () => Promise<void>
}

export type GatewayOptions = {
  /** Opens the keys of upstreams. */
  readonly sealingKey: Uint8Array
  /** Folder of its own. */
  readonly directory: string
  readonly spoolBytesMax: number
  /** False only where losing the last second with the machine's power is worth its speed. */
  readonly durable?: boolean
  readonly quietMs?: number
  /** Calls of one agent's candidate that wait to be made beside the baseline. */
  readonly shadowsWaitingMax?: number
  /** Told of each turn once its record is on disk. */
  readonly onTurn?: (turn: TurnRecord) => void
  /** Told of turns once the database has them. Must neither throw nor wait. */
  readonly onShipped?: ShippingOptions['onShipped']
  /** As people's browsers see the server: pages from elsewhere are refused by the MCP gate. */
  readonly publicUrl?: string | undefined
  /** Of a clock that never goes back. */
  readonly nowMs?: () => number
}

const ASSEMBLE_EVERY_MS = 5_000

export function startGateway(effects: Effects, options: GatewayOptions): Gateway {
  const {
    directory,
    spoolBytesMax,
    sealingKey,
    durable = true,
    quietMs = QUIET_MS,
    shadowsWaitingMax,
    onTurn = () => {},
    onShipped,
    publicUrl,
    nowMs = () => performance.now(),
  } = options
  const spool = openSpool({
    directory,
    bytesMax: spoolBytesMax,
    durable,
    underWay: () => handler.underWay(),
  })
  const bundle = followBundle(effects, sealingKey)
  const tellers = holdTellers(effects)
  const calls = upstreamCalls()
  const upstreams = patientUpstreams(calls, nowMs)
  const spend = dailySpend(effects)
  const scoring = answerScoring(effects, calls, spend)
  const shipping = shipSpool(effects, spool, {
    refusedFile: join(directory, 'refused.jsonl'),
    ...(onShipped === undefined ? {} : { onShipped }),
  })
  const enforced = enforcedNow(bundle.current)
  const minutes = minuteLimit()
  const known = conversations(effects.newId, nowMs)
  const people = askPeople(effects, tellers)
  const besides = upstreamCalls()
  const shadows = shadowCalls(effects, enforced, besides, shadowsWaitingMax)
  const record = async (turn: TurnRecord): Promise<void> => {
    try {
      await spool.append(turnLine(turn))
    } catch (error) {
      throw notRecorded(error)
    }
    spend.recorded(turn)
    onTurn(turn)
  }
  const handler = gatewayHandler({
    effects,
    enforced,
    minutes,
    drawRole: (projectId, releaseId, unit) => roleOfUnit(effects, projectId, releaseId, unit),
    upstreams,
    spend,
    record,
    conversations: known,
    holds: people,
    score: scoring.take,
    shadow: shadows.take,
    search: {
      judge: (asking, stop) => judgeDrafts(effects, sealingKey, { ...asking, stop }),
      gold: measuredGold(effects.db, nowMs),
    },
  })
  const mcp = mcpHandler({
    effects,
    enforced,
    minutes,
    gate: callGate({ effects, enforced, record, conversations: known, holds: people }),
    publicUrl,
  })
  bundle.watch(mcp.changed)
  const failed: FailedConversations = new Map()
  const assembling = repeat('gateway episodes', ASSEMBLE_EVERY_MS, effects.log, () =>
    assembleEpisodes(effects, quietMs, failed),
  )
  const drawing = repeat('answers beside the baseline', ASSEMBLE_EVERY_MS, effects.log, () =>
    drawPairs(effects),
  )
  return {
    handle: (request, response) => handler.handle(request, response) || mcp.handle(request, response),
    handleModels: handler.handle,
    refresh: bundle.refresh,
    flush: shipping.flush,
    letGo: mcp.letGo,
    scored: scoring.idle,
    waiting: spool.waiting,
    shadowed: shadows.idle,
    upstreams: upstreams.standings,
    async stop() {
      await mcp.letGo()
      await mcp.idle()
      await handler.idle()
      await scoring.stop()
      await shadows.stop()
      await assembling.stop()
      await drawing.stop()
      await spend.stop()
      await tellers.stop()
      await bundle.stop()
      await shipping.stop()
      await spool.close()
      await upstreams.close()
      await besides.close()
    },
  }
}

function notRecorded(cause: unknown): GatewayRefusal {
  return new GatewayRefusal(
    503,
    'not_recorded',
    'What happens here cannot be written down at present, so nothing is answered and nothing is carried out.',
    { retryAfterSeconds: 5, cause },
  )
}
