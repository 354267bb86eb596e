/**
 * Puts a planted request among the held calls of an agent: one that an admin wrote, else a call that was approved, with one fault in it.
 * It is a hold like any other, but no agent waits for it, and its binding is that of no call: what is signed for it approves nothing.
 */
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { faultInCall } from '@leeway/core/planted-faults/fault-in-call'
import { requestReadingSeconds } from '@leeway/core/planted-faults/request-reading'
import { contractOf, findContract } from '../contracts/stored-contracts.ts'
import type { Transaction } from '../db/connect.ts'
import { carriedSha256 } from '../holds/binding.ts'
import { callsWaiting } from '../holds/calls-waiting.ts'
import { holdRow } from '../holds/hold-row.ts'
import { holds, holdTexts } from '../holds/tables.ts'
import type { Effects } from '../http/environment.ts'
import type { CallToPlant, DrawnFor } from './call-to-plant.ts'
import { callsBefore } from './calls-before.ts'
import { heldToday } from './held-today.ts'
import { lastAsked, messagesBefore } from './messages-before.ts'
import { GATEWAY, originalCalls } from './original-calls.ts'
import { saidLately } from './said-lately.ts'
import { plantedRequests } from './tables.ts'
import { writtenCalls } from './written-calls.ts'

const FAULTS_TRIED = 8

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
  for await (const call of writtenCalls(tx, drawn, seed))
    if (await plantCall(tx, effects, drawn, { contract, version: issued.version, call })) return 'planted'
  // A fault that the contract would refuse comes before nobody; another one of the same call may pass.
  for await (const call of faultyCopies(tx, drawn, seed))
    if (await plantCall(tx, effects, drawn, { contract, version: issued.version, call })) return 'planted'
  return 'nothing'
}

async function* faultyCopies(tx: Transaction, drawn: DrawnFor, first: number): AsyncGenerator<CallToPlant> {
  for await (const original of originalCalls(tx, { ...drawn, seed: String(first) })) {
    const { holdId: originalId, episode, ordinal, write } = original
    for (let attempt = 0; attempt < FAULTS_TRIED; attempt++) {
      const seed = (first + attempt) | 0
      const fault = faultInCall(episode, ordinal, seed)
      if (fault.kind === 'insufficient') continue
      yield {
        ...original,
        originalId,
        writtenId: null,
        operator: fault.operator,
        seed,
        argumentsText: write(fault.content),
        steps: episode.steps,
      }
    }
  }
}

/** False where it would not be held today, or nobody knows what else would be shown with it. */
async function plantCall(
  tx: Transaction,
  effects: Effects,
  { projectId, agentId, decidedId }: DrawnFor,
  planted: {
    readonly contract: AutonomyContract
    readonly version: number
    readonly call: CallToPlant
  },
): Promise<boolean> {
  const { contract, version, call } = planted
  const { place, tool, argumentsText, steps, ordinal } = call
  const held = heldToday(contract, { tool, argumentsText }, effects.now())
  if (held === null) return false
  const says = place === GATEWAY ? undefined : await saidLately(tx, { projectId, agentId, place, tool })
  if (says === null) return false
  const { row, text, argumentsTexts } = holdRow(effects, {
    projectId,
    agentId,
    policyId: call.policyId ?? contract[held.role]?.policyId ?? contract.baseline.policyId,
    place,
    turnId: effects.newId(),
    // Of its own: it shares a card with no call that waits.
    conversation: effects.newId(),
    contractVersion: version,
    calls: [
      {
        call: { choice: 0, index: 0, id: null, form: 'function', tool, argumentsText },
        decision: held.decision,
        ...says,
      },
    ],
    messages: place === GATEWAY ? messagesBefore(steps, ordinal) : callsBefore(steps, ordinal),
    holdSeconds: contract.limits.holdSeconds,
    holdsMax: contract.limits.holdsMax,
  })
  await tx.insert(holds).values({ ...row, binding: Buffer.from(effects.randomBytes(32)).toString('hex') })
  await tx.insert(holdTexts).values({ projectId, holdId: row.id, body: JSON.stringify(text) })
  await tx.insert(plantedRequests).values({
    projectId,
    holdId: row.id,
    originalId: call.originalId,
    decidedId,
    writtenId: call.writtenId,
    operator: call.operator,
    seed: call.seed,
    argumentsSha256: carriedSha256(argumentsTexts),
    readingSeconds: requestReadingSeconds(argumentsText, lastAsked(steps, ordinal)),
    at: effects.now(),
  })
  return true
}
