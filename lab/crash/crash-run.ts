/**
 * `kill -9` of the server at seeded random moments while it imports and while it decides; after each kill a new server
 * on the same data directory must hold everything that was acknowledged, and nothing twice.
 *
 * Acknowledged is: an episode counted by a `progress` line of an import, a unit whose assignment was answered, an
 * approval or a start that was answered. Odd kills hit an import, even ones a release.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { ImportEvent } from '@leeway/contract/episodes'
import { verifyLedger } from '@leeway/contract/ledger'
import { listPolicies } from '@leeway/contract/policies'
import {
  approveRelease,
  assignUnits,
  checkRelease as checkNow,
  showRelease,
  startRelease,
} from '@leeway/contract/releases'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type KillableServer, startKillable } from './killable-server.ts'

export type CrashResult = {
  readonly kills: number
  readonly acknowledgedEpisodes: number
  readonly acknowledgedUnits: number
  readonly acknowledgedApprovals: number
  readonly ledgerEntries: number
  /** What was lost or doubled, in words; empty when all is well. */
  readonly faults: readonly string[]
}

/** Enough that most kills hit an import half way. */
const EPISODES_A_FILE = 4_000
const KILL_WITHIN_MS = 900

type Known = {
  episodes: number
  readonly arms: Map<string, { readonly stage: string; readonly answer: string }>
  approvals: number
  release: string | null
  readonly faults: string[]
}

export async function runCrashes(input: {
  readonly kills: number
  readonly seed: number
  readonly print?: (line: string) => void
}): Promise<CrashResult> {
  const random = seededRandom(input.seed)
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-crash-'))
  const known: Known = { episodes: 0, arms: new Map(), approvals: 0, release: null, faults: [] }
  let server = await startKillable(dataDir)
  try {
    for (let kill = 1; kill <= input.kills; kill++) {
      const after = Math.floor(random() * KILL_WITHIN_MS)
      const importing = kill % 2 === 1
      const done = importing
        ? await crashImport(server, known, kill, after, dataDir)
        : await crashRelease(server, known, kill, after, dataDir)
      server = done.server
      input.print?.(
        `kill ${kill} after ${after} ms while ${importing ? 'importing' : 'deciding'}: ${done.words}`,
      )
    }
    const ledger = await server.client.call(verifyLedger, {})
    if (!ledger.intact) known.faults.push('the ledger does not verify')
    return {
      kills: input.kills,
      acknowledgedEpisodes: known.episodes,
      acknowledgedUnits: known.arms.size,
      acknowledgedApprovals: known.approvals,
      ledgerEntries: ledger.entries,
      faults: known.faults,
    }
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function crashImport(
  server: KillableServer,
  known: Known,
  kill: number,
  after: number,
  dataDir: string,
) {
  const policy = `import-${kill}`
  const lines = Array.from({ length: EPISODES_A_FILE }, (_, index) =>
    episodeLine(`${policy}-${index}`, index % 5 !== 0),
  ).join('\n')
  let acknowledged = 0
  const upload = importText(server.client, policy, lines, (added) => {
    acknowledged = added
  }).catch(() => null)
  await pause(after)
  await server.kill()
  await upload
  const next = await startKillable(dataDir)
  const there = await countEpisodes(next.client, policy)
  if (there < acknowledged)
    known.faults.push(`kill ${kill}: ${acknowledged} episodes were acknowledged, ${there} are there`)
  const again = await importText(next.client, policy, lines, () => {})
  if (again.added !== EPISODES_A_FILE - there || again.known !== there)
    known.faults.push(
      `kill ${kill}: importing again added ${again.added} and knew ${again.known}, expected ${EPISODES_A_FILE - there} and ${there}`,
    )
  const all = await countEpisodes(next.client, policy)
  if (all !== EPISODES_A_FILE)
    known.faults.push(`kill ${kill}: ${all} episodes instead of ${EPISODES_A_FILE}`)
  known.episodes += acknowledged
  return { server: next, words: `${acknowledged} acknowledged, ${there} there` }
}

async function crashRelease(
  server: KillableServer,
  known: Known,
  kill: number,
  after: number,
  dataDir: string,
) {
  if (known.release === null) {
    for (const policy of ['old', 'new'])
      await importText(server.client, policy, episodeLine('past', true), () => {})
    known.release = (
      await server.client.call(startRelease, {
        body: { agent: 'desk', baseline: 'old', candidate: 'new', unitSource: 'stream' },
      })
    ).id
  }
  const releaseId = known.release
  let killed = false
  const deciding = (async () => {
    let { stage } = await server.client.call(showRelease, { params: { releaseId } })
    for (let round = 0; !killed; round++) {
      const units = Array.from({ length: 20 }, (_, index) => `task:${kill}-${round}-${index}`)
      const { assignments } = await server.client.call(assignUnits, {
        params: { releaseId },
        body: { units },
      })
      for (const { unit, sequence, arm } of assignments)
        known.arms.set(unit, { stage, answer: `${sequence} ${arm}` })
      // The baseline fails one time in two, the candidate never: proposals come soon.
      await importText(
        server.client,
        'old',
        units.map((unit, index) => episodeLine(unit.slice(5), index % 2 === 0)).join('\n'),
        () => {},
      )
      await importText(
        server.client,
        'new',
        units.map((unit) => episodeLine(unit.slice(5), true)).join('\n'),
        () => {},
      )
      const { proposal } = await server.client.call(checkNow, { params: { releaseId }, body: {} })
      if (proposal !== null) {
        await server.client.call(approveRelease, {
          params: { releaseId },
          body: { checkId: proposal.checkId, reason: 'crash test', approver: 'Crash Test' },
        })
        known.approvals += 1
        stage = (await server.client.call(showRelease, { params: { releaseId } })).stage
      }
    }
  })().catch(() => null)
  await pause(after)
  killed = true
  await server.kill()
  await deciding
  const next = await startKillable(dataDir)
  await checkRelease(next.client, releaseId, known, kill)
  return {
    server: next,
    words: `${known.arms.size} units and ${known.approvals} approvals acknowledged so far`,
  }
}

async function checkRelease(client: Client, releaseId: string, known: Known, kill: number): Promise<void> {
  const release = await client.call(showRelease, { params: { releaseId } })
  const approvals = release.decisions.filter((decision) => decision.kind === 'approve').length
  // One more may have been written just before the kill, without its answer getting out.
  if (approvals < known.approvals || approvals > known.approvals + 1)
    known.faults.push(`kill ${kill}: ${known.approvals} approvals were acknowledged, ${approvals} are there`)
  known.approvals = approvals
  const ordinals = release.decisions.map((decision) => decision.ordinal)
  if (ordinals.some((ordinal, index) => ordinal !== index + 1))
    known.faults.push(`kill ${kill}: decisions are numbered ${ordinals.join(', ')}`)
  // In another stage the same unit is a new selection, so only those of the present one are asked about again.
  const recent = [...known.arms].filter(([, { stage }]) => stage === release.stage).slice(-200)
  if (recent.length === 0) return
  const { assignments } = await client.call(assignUnits, {
    params: { releaseId },
    body: { units: recent.map(([unit]) => unit) },
  })
  for (const { unit, sequence, arm } of assignments) {
    const before = known.arms.get(unit)?.answer
    if (before !== `${sequence} ${arm}`)
      known.faults.push(`kill ${kill}: ${unit} was ${before}, is ${sequence} ${arm}`)
  }
}

async function importText(
  client: Client,
  policy: string,
  text: string,
  progress: (added: number) => void,
): Promise<{ readonly added: number; readonly known: number }> {
  const response = await client.send(`/api/projects/default/episodes/import?agent=desk&policy=${policy}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: text,
  })
  if (response.body === null) throw new Error('an import without an answer')
  let rest = ''
  let end: { added: number; known: number } | null = null
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = ImportEvent.parse(JSON.parse(line))
      if (event.kind === 'progress') progress(event.added)
      if (event.kind === 'summary') end = event
    }
  }
  if (end === null) throw new Error('an import without a summary')
  progress(end.added)
  return end
}

async function countEpisodes(client: Client, policy: string): Promise<number> {
  return (await client.call(listPolicies)).items.find(({ name }) => name === policy)?.episodes ?? 0
}

function episodeLine(taskKey: string, success: boolean): string {
  return JSON.stringify({
    taskKey,
    instructions: 'Help with an order.',
    steps: [
      { kind: 'user', content: `About ${taskKey}` },
      { kind: 'assistant', content: 'Done.' },
    ],
    outcome: { success: success ? 1 : 0 },
  })
}
