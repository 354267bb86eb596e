/**
 * A kill while releases are started, fed, checked and approved. Every answer the server gave is kept; afterwards a new
 * server must say the same: units keep sequence and arm, checks recompute to the same e-values, no release and no
 * approval is there twice.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import {
  approveRelease,
  assignUnits,
  checkRelease,
  listReleases,
  recomputeCheck,
  showRelease,
  startRelease,
} from '@leeway/contract/releases'
import { BrokenImport, episodeLine, importText } from './import-text.ts'
import { isLate } from './kill-moment.ts'
import type { KillableServer } from './killable-server.ts'

const UNITS_A_ROUND = 20

/** What the server has acknowledged of one release. */
export type KnownRelease = {
  readonly agent: string
  id: string | null
  /** Unit to stage and answer: in another stage the same unit is a new selection. */
  readonly units: Map<string, { readonly stage: string; readonly answer: string }>
  readonly checks: Map<string, number>
  /**
   * Units whose labels were not all acknowledged. The gate reads in the order of selection and waits for them, so they
   * are sent again first, as an agent's runtime would.
   */
  pending: readonly string[] | null
  approvals: number
}

/** Works on the last of `known`, and begins another after each approval, until the server is killed. */
export async function crashRelease(
  server: KillableServer,
  restart: () => Promise<KillableServer>,
  known: KnownRelease[],
  kill: number,
  afterMs: number,
): Promise<{ readonly server: KillableServer; readonly faults: readonly string[] }> {
  const touchedFrom = Math.max(0, known.length - 1)
  let killed = false
  let sayApproved = () => {}
  const approved = new Promise<void>((resolve) => {
    sayApproved = resolve
  })
  const deciding = (async () => {
    while (!killed) {
      const last = known.at(-1)
      const release = last === undefined || last.approvals > 0 ? begin(known) : last
      await start(server.client, release)
      for (let round = 0; !killed && release.approvals === 0; round++)
        await feedAndDecide(server.client, release, `${kill}-${round}`)
      if (release.approvals > 0) sayApproved()
    }
  })().catch((error: unknown) => error)
  if (isLate(kill)) await Promise.race([approved, deciding])
  await pause(afterMs)
  killed = true
  await server.kill()
  const ended = await deciding
  const next = await restart()
  const faults: string[] = []
  // A connection that broke is what a kill looks like; a refusal, or a mistake of this study, is not.
  if (ended !== undefined && !(ended instanceof BrokenImport) && !isBrokenConnection(ended))
    faults.push(`instead of breaking off: ${String(ended)}`)
  for (const release of known.slice(touchedFrom)) faults.push(...(await faultsOf(next.client, release)))
  return { server: next, faults }
}

/** What the server of now says otherwise than the one that acknowledged it. Adopts what was written without an answer. */
export async function faultsOf(client: Client, known: KnownRelease): Promise<readonly string[]> {
  const faults: string[] = []
  const { items } = await client.call(listReleases, { query: { agent: known.agent } })
  if (items.length > 1) faults.push(`${items.length} releases of ${known.agent}, one was started`)
  if (known.id === null) return faults
  if (items[0]?.id !== known.id) faults.push(`the release of ${known.agent} is not there`)
  const params = { releaseId: known.id }
  const release = await client.call(showRelease, { params })
  const approvals = release.decisions.filter((decision) => decision.kind === 'approve').length
  // One more may have been written just before the kill, without its answer getting out.
  if (approvals < known.approvals || approvals > 1)
    faults.push(`${known.agent}: ${known.approvals} approvals were acknowledged, ${approvals} are there`)
  known.approvals = approvals
  if (release.decisions.some((decision, index) => decision.ordinal !== index + 1))
    faults.push(`${known.agent}: decisions are not numbered from 1 without a gap`)
  for (const [checkId, eValue] of known.checks) {
    const { recorded, again, sameRows } = await client.call(recomputeCheck, {
      params: { ...params, checkId },
    })
    if (!sameRows || recorded.eValuePromote !== eValue || again.eValuePromote !== eValue)
      faults.push(
        `${known.agent}: a check said ${eValue}, is stored as ${recorded.eValuePromote}, recomputes to ${again.eValuePromote}`,
      )
  }
  const present = [...known.units].filter(([, { stage }]) => stage === release.stage)
  if (present.length === 0) return faults
  const { assignments } = await client.call(assignUnits, {
    params,
    body: { units: present.map(([unit]) => unit) },
  })
  for (const { unit, sequence, arm } of assignments) {
    const before = known.units.get(unit)?.answer
    if (before !== `${sequence} ${arm}`)
      faults.push(`${known.agent}: ${unit} was ${before}, is ${sequence} ${arm}`)
  }
  return faults
}

/** What Node's fetch throws when the other side is gone. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof TypeError && ['fetch failed', 'terminated'].includes(error.message)
}

function begin(known: KnownRelease[]): KnownRelease {
  const release: KnownRelease = {
    agent: `desk-${known.length + 1}`,
    id: null,
    units: new Map(),
    checks: new Map(),
    pending: null,
    approvals: 0,
  }
  known.push(release)
  return release
}

async function start(client: Client, known: KnownRelease): Promise<void> {
  if (known.id !== null) return
  for (const policy of ['old', 'new'])
    await importText(client, { agent: known.agent, policy }, episodeLine('past', true))
  // The start of an earlier server may have been written and never answered.
  const { items } = await client.call(listReleases, { query: { agent: known.agent } })
  known.id =
    items[0]?.id ??
    (
      await client.call(startRelease, {
        body: { agent: known.agent, baseline: 'old', candidate: 'new', unitSource: 'stream' },
      })
    ).id
}

async function feedAndDecide(client: Client, known: KnownRelease, round: string): Promise<void> {
  if (known.id === null) return
  const params = { releaseId: known.id }
  const { stage } = await client.call(showRelease, { params })
  const units = known.pending ?? Array.from({ length: UNITS_A_ROUND }, (_, index) => `task:${round}-${index}`)
  known.pending = units
  const { assignments } = await client.call(assignUnits, { params, body: { units: [...units] } })
  for (const { unit, sequence, arm } of assignments)
    known.units.set(unit, { stage, answer: `${sequence} ${arm}` })
  // The baseline fails one time in two, the candidate never: proposals come soon.
  for (const [policy, succeeds] of [
    ['old', (index: number) => index % 2 === 0],
    ['new', () => true],
  ] as const)
    await importText(
      client,
      { agent: known.agent, policy },
      units.map((unit, index) => episodeLine(unit.slice('task:'.length), succeeds(index))).join('\n'),
    )
  known.pending = null
  const { check, proposal } = await client.call(checkRelease, { params, body: {} })
  if (check !== null) known.checks.set(check.id, check.eValuePromote)
  if (proposal === null) return
  await client.call(approveRelease, {
    params,
    body: { checkId: proposal.checkId, reason: 'crash test', approver: 'Crash Test' },
  })
  known.approvals = 1
}
