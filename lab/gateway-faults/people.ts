/**
 * The person who decides about held calls, and an attacker who writes into the database beside her: an approval of hers again
 * under another hold, or with other arguments.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, ProblemError } from '@leeway/contract/client'
import { answerHold, listHolds, showHold } from '@leeway/contract/holds'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Database } from '@leeway/server/db/connect'

/** What she approved, as she saw or wrote it: by the id of the hold. */
export type Approvals = ReadonlyMap<string, readonly string[]>

export type People = {
  readonly approved: Approvals
  /** Holds that the attacker gave an approval which nobody made. */
  readonly forged: ReadonlySet<string>
  readonly counts: () => Readonly<Record<string, number>>
  readonly stop: () => Promise<void>
}

type Deed = 'approve' | 'edit' | 'deny' | 'stop' | 'leave' | 'replay' | 'alter'
/** Shares of what becomes of a hold. */
const DEEDS: readonly (readonly [Deed, number])[] = [
  ['approve', 0.58],
  ['edit', 0.1],
  ['deny', 0.1],
  ['stop', 0.02],
  ['leave', 0.04],
  ['replay', 0.08],
  ['alter', 0.08],
]
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
    const before = alike.get(same)
    const params = { hold }
    if (deed === 'approve' || ((deed === 'replay' || deed === 'alter') && before === undefined)) {
      // Before it is sent: it counts from the moment at which it is stored, not from when she hears of it.
      approved.set(hold, shown)
      await client.call(answerHold, { params, body: { kind: 'approved' } })
      alike.set(same, hold)
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
      count(deed === 'replay' ? 'replayed' : 'altered')
      await forge(db, hold, before, deed === 'alter')
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
