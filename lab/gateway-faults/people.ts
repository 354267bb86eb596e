/**
 * The person who decides about held calls, and an attacker who writes into the database beside her: an approval of hers again
 * under another hold, or with other arguments, or one of his own making in which nothing is wrong but who signed it.
 */
import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, ProblemError } from '@leeway/contract/client'
import { answerHold, listHolds, showHold } from '@leeway/contract/holds'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Database } from '@leeway/server/db/connect'
import { carriedSha256, signAnswer } from '@leeway/server/holds/binding'

/** What she approved, as she saw or wrote it: by the id of the hold. */
export type Approvals = ReadonlyMap<string, readonly string[]>

export type People = {
  readonly approved: Approvals
  /** Holds that the attacker gave an approval which nobody made. */
  readonly forged: ReadonlySet<string>
  readonly counts: () => Readonly<Record<string, number>>
  readonly stop: () => Promise<void>
}

type Deed = 'approve' | 'edit' | 'deny' | 'stop' | 'leave' | 'replay' | 'alter' | 'sign'
/** Shares of what becomes of a hold. */
const DEEDS: readonly (readonly [Deed, number])[] = [
  ['approve', 0.48],
  ['edit', 0.1],
  ['deny', 0.1],
  ['stop', 0.02],
  ['leave', 0.04],
  ['replay', 0.08],
  ['alter', 0.08],
  ['sign', 0.1],
]
const FORGED: ReadonlySet<Deed> = new Set(['replay', 'alter', 'sign'])
const LOOK_EVERY_MS = 30

export function startPeople(input: {
  readonly address: string
  readonly cookie: string
  readonly db: Database
  readonly seed: number
}): People {
  const { db } = input
  const random = seededRandom(input.seed)
  const client = createClient({
    baseUrl: input.address,
    project: 'default',
    fetch: (url, init) => {
      const headers = new Headers(init?.headers)
      headers.set('cookie', input.cookie)
      headers.set('origin', input.address)
      return fetch(url, { ...init, headers })
    },
  })
  const approved = new Map<string, readonly string[]>()
  const forged = new Set<string>()
  const begun = new Set<string>()
  /** The last approval of the same calls. */
  const alike = new Map<string, string>()
  /** The last approval of all. */
  let newest: string | undefined
  const counts: Record<string, number> = {}
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }

  const decide = async (hold: string): Promise<void> => {
    const { text } = await client.call(showHold, { params: { hold } })
    if (text === null) return
    const shown = text.calls.map(({ argumentsText }) => argumentsText)
    const same = JSON.stringify(text.calls.map(({ tool, argumentsText }) => [tool, argumentsText]))
    const deed = drawDeed(random)
    const before = deed === 'sign' ? newest : alike.get(same)
    const params = { hold }
    if (deed === 'approve' || (FORGED.has(deed) && before === undefined)) {
      // Before it is sent: it counts from the moment at which it is stored, not from when she hears of it.
      approved.set(hold, shown)
      await client.call(answerHold, { params, body: { kind: 'approved' } })
      alike.set(same, hold)
      newest = hold
      count('approved')
      // A second approval of the same is none.
      await client.call(answerHold, { params, body: { kind: 'approved' } }).then(
        () => count('approved twice'),
        () => count('refused a second time'),
      )
    } else if (deed === 'edit') {
      const argumentsTexts = text.calls.map(({ tool, argumentsText }) =>
        tool === 'refund' ? '{"amount":7}' : argumentsText,
      )
      approved.set(hold, argumentsTexts)
      await client.call(answerHold, { params, body: { kind: 'edited', reason: 'less', argumentsTexts } })
      count('edited')
    } else if (deed === 'deny' || deed === 'stop') {
      const kind = deed === 'deny' ? 'denied' : 'stopped'
      await client.call(answerHold, { params, body: { kind, reason: 'not this one' } })
      count(kind)
    } else if (deed === 'leave') count('left alone')
    else if (before !== undefined) {
      forged.add(hold)
      count(deed === 'replay' ? 'replayed' : deed === 'alter' ? 'altered' : 'signed by another')
      if (deed === 'sign') await signAsOther(db, hold, before, shown)
      else await forge(db, hold, before, deed === 'alter')
    }
  }

  let stopping = false
  const deciding = new Set<Promise<void>>()
  const looking = (async () => {
    while (!stopping) {
      const { open } = await client.call(listHolds).catch(() => ({ open: [] }))
      for (const { id } of open) {
        if (begun.has(id)) continue
        begun.add(id)
        const work = decide(id).catch((error: unknown) => {
          // Too late: its time was over, or the agent had gone.
          if (!(error instanceof ProblemError)) throw error
          count('too late')
        })
        deciding.add(work)
        void work.finally(() => deciding.delete(work))
      }
      await pause(LOOK_EVERY_MS)
    }
    await Promise.all(deciding)
  })()
  return {
    approved,
    forged,
    counts: () => counts,
    async stop() {
      stopping = true
      await looking
    },
  }
}

function drawDeed(random: () => number): Deed {
  let left = random()
  for (const [deed, share] of DEEDS) {
    left -= share
    if (left < 0) return deed
  }
  return 'approve'
}

/** As whoever can write into the database would: with the signature of another approval. */
async function forge(db: Database, hold: string, from: string, alters: boolean): Promise<void> {
  if (alters)
    await db.$client.query(
      `insert into hold_edits (project_id, hold_id, body) select project_id, $1, '["{\\"amount\\":50}"]' from holds where id = $1
       on conflict do nothing`,
      [hold],
    )
  await db.$client.query(
    `insert into hold_answers (project_id, hold_id, kind, reason, arguments_sha256, signature, key_id, actor, looked_ms, at)
     select project_id, $1, $3, reason, arguments_sha256, signature, key_id, actor, looked_ms, now()
     from hold_answers where hold_id = $2 on conflict do nothing`,
    [hold, from, alters ? 'edited' : 'approved'],
  )
}

/** All of it is right, in the name of the key that signed another approval, but the signature is by a key that nobody introduced. */
async function signAsOther(
  db: Database,
  hold: string,
  from: string,
  shown: readonly string[],
): Promise<void> {
  const found = await db.$client.query<{ binding: string; key_id: string }>(
    'select binding, key_id from holds, hold_answers where holds.id = $1 and hold_id = $2',
    [hold, from],
  )
  const [row] = found.rows
  if (row === undefined) throw new Error('an approval that nobody wrote down')
  const argumentsSha256 = carriedSha256(shown)
  const signer = { keyId: row.key_id, privateKey: OTHER_KEY.privateKey }
  const answer = { binding: row.binding, kind: 'approved', argumentsSha256 }
  await db.$client.query(
    `insert into hold_answers (project_id, hold_id, kind, reason, arguments_sha256, signature, key_id, actor, looked_ms, at)
     select project_id, $1, 'approved', reason, $3, $4, key_id, actor, looked_ms, now()
     from hold_answers where hold_id = $2 on conflict do nothing`,
    [hold, from, argumentsSha256, signAnswer(signer, answer)],
  )
}

const OTHER_KEY = generateKeyPairSync('ed25519')
