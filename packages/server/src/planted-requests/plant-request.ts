/**
 * Puts a planted request among the held calls of an agent: a call that was approved, with one fault in it. It is a hold like any
 * other, but no agent waits for it, and its binding is that of no call: what is signed for it approves nothing.
 */
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { type CallDecision, decideCalls } from '@leeway/core/autonomy/decide-calls'
import { faultInCall } from '@leeway/core/planted-faults/fault-in-call'
import { requestReadingSeconds } from '@leeway/core/planted-faults/request-reading'
import { contractOf, findContract } from '../contracts/stored-contracts.ts'
import type { Transaction } from '../db/connect.ts'
import { carriedSha256 } from '../holds/binding.ts'
import { callsWaiting } from '../holds/calls-waiting.ts'
import { holdRow } from '../holds/hold-row.ts'
import { holds, holdTexts } from '../holds/tables.ts'
import type { Effects } from '../http/environment.ts'
import { callsBefore } from './calls-before.ts'
import { lastAsked, messagesBefore } from './messages-before.ts'
import { GATEWAY, type OriginalCall, originalCalls } from './original-calls.ts'
import { saidLately } from './said-lately.ts'
import { plantedRequests } from './tables.ts'

const FAULTS_TRIED = 8

export type DrawnFor = {
  readonly projectId: string
  readonly agentId: string
  /** The hold that was decided, and by whom. */
  readonly decidedId: string
  readonly actor: string
}

export async function plantRequest(
  tx: Transaction,
  effects: Effects,
  drawn: DrawnFor,
): Promise<'planted' | 'crowded' | 'nothing'> {
  const { projectId, agentId } = drawn
  const issued = await findContract(tx, projectId, agentId)
  if (issued === undefined) return 'nothing'
  const contract = contractOf(issued)
  // Its place among those that wait is one that another call may want.
  if ((await callsWaiting(tx, effects, drawn)) + 1 >= contract.limits.holdsMax) return 'crowded'
  const random = effects.randomBytes(4)
  const seed = new DataView(random.buffer, random.byteOffset).getInt32(0)
  // A fault that the contract would refuse comes before nobody; another one of the same call may pass.
  for await (const original of originalCalls(tx, { ...drawn, seed: String(seed) }))
    for (let attempt = 0; attempt < FAULTS_TRIED; attempt++) {
      const copy = { contract, version: issued.version, original, seed: (seed + attempt) | 0 }
      if (await plantCopy(tx, effects, drawn, copy)) return 'planted'
    }
  return 'nothing'
}

/** False where the call bears no fault, or would not be held today. */
async function plantCopy(
  tx: Transaction,
  effects: Effects,
  { projectId, agentId, decidedId }: DrawnFor,
  copy: {
    readonly contract: AutonomyContract
    readonly version: number
    readonly original: OriginalCall
    readonly seed: number
  },
): Promise<boolean> {
  const { original, seed, contract, version } = copy
  const { episode, ordinal, tool, policyId, place } = original
  const fault = faultInCall(episode, ordinal, seed)
  if (fault.kind === 'insufficient') return false
  const argumentsText = original.write(fault.content)
  const decision = heldToday(contract, { tool, argumentsText }, effects.now())
  if (decision === null) return false
  const says = place === GATEWAY ? undefined : await saidLately(tx, { projectId, agentId, place, tool })
  if (says === null) return false
  const { row, text, argumentsTexts } = holdRow(effects, {
    projectId,
    agentId,
    policyId,
    place,
    turnId: effects.newId(),
    // Of its own: it shares a card with no call that waits.
    conversation: effects.newId(),
    contractVersion: version,
    calls: [
      {
        call: { choice: 0, index: 0, id: null, form: 'function', tool, argumentsText },
        decision,
        ...says,
      },
    ],
    messages:
      place === GATEWAY ? messagesBefore(episode.steps, ordinal) : callsBefore(episode.steps, ordinal),
    holdSeconds: contract.limits.holdSeconds,
    holdsMax: contract.limits.holdsMax,
  })
  await tx.insert(holds).values({ ...row, binding: Buffer.from(effects.randomBytes(32)).toString('hex') })
  await tx.insert(holdTexts).values({ projectId, holdId: row.id, body: JSON.stringify(text) })
  await tx.insert(plantedRequests).values({
    projectId,
    holdId: row.id,
    originalId: original.holdId,
    decidedId,
    operator: fault.operator,
    seed,
    argumentsSha256: carriedSha256(argumentsTexts),
    readingSeconds: requestReadingSeconds(argumentsText, lastAsked(episode.steps, ordinal)),
    at: effects.now(),
  })
  return true
}

/** What the contract says of the call, where it has people decide about it and it is more than a read. */
function heldToday(
  contract: AutonomyContract,
  call: { readonly tool: string; readonly argumentsText: string },
  now: Date,
): CallDecision | null {
  for (const role of ['candidate', 'baseline'] as const) {
    if (contract[role] === null) continue
    const { outcome, calls } = decideCalls(contract, [call], {
      role,
      steps: 0,
      denials: 0,
      now,
      outOfTouch: false,
      // The call that a draw holds, where draws hold any.
      uniforms: [1 - Number.EPSILON],
    })
    const [decision] = calls
    if (outcome === 'hold' && decision !== undefined && decision.stakes !== 'read') return decision
  }
  return null
}
