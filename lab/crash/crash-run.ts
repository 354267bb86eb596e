/**
 * `kill -9` of the server at seeded random moments while it imports and while it decides; after each kill a new server
 * on the same data directory must hold everything that was acknowledged, and nothing twice.
 *
 * Acknowledged is: an episode counted by a `progress` line of an import; a start, an assignment, a check or an approval
 * that was answered. Odd kills hit an import, even ones a release.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyLedger } from '@leeway/contract/ledger'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { crashImport } from './crash-import.ts'
import { crashRelease, faultsOf, type KnownRelease } from './crash-release.ts'
import { startKillable } from './killable-server.ts'

export type CrashResult = {
  readonly kills: number
  readonly episodes: number
  readonly releases: number
  readonly units: number
  readonly checks: number
  readonly approvals: number
  readonly ledgerEntries: number
  /** What was lost or doubled, in words; empty when all is well. */
  readonly faults: readonly string[]
}

const KILL_WITHIN_MS = 900

export async function runCrashes(input: {
  readonly kills: number
  readonly seed: number
  readonly print?: (line: string) => void
}): Promise<CrashResult> {
  const random = seededRandom(input.seed)
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-crash-'))
  const restart = () => startKillable(dataDir)
  const releases: KnownRelease[] = []
  const faults: string[] = []
  let episodes = 0
  let server = await restart()
  try {
    for (let kill = 1; kill <= input.kills; kill++) {
      const afterMs = Math.floor(random() * KILL_WITHIN_MS)
      let words: string
      let found: readonly string[]
      if (kill % 2 === 1) {
        const done = await crashImport(server, restart, kill, afterMs)
        server = done.server
        found = done.faults
        episodes += done.acknowledged
        words = `importing: ${done.acknowledged} episodes acknowledged, ${done.there} there`
      } else {
        const done = await crashRelease(server, restart, releases, kill, afterMs)
        server = done.server
        found = done.faults
        words = `deciding: ${describe(releases)} acknowledged so far`
      }
      faults.push(...found.map((fault) => `kill ${kill}: ${fault}`))
      input.print?.(`kill ${kill} after ${afterMs} ms while ${words}`)
    }
    // Once more everything, not only what the last kill touched.
    for (const release of releases)
      faults.push(...(await faultsOf(server.client, release)).map((fault) => `at the end: ${fault}`))
    const ledger = await server.client.call(verifyLedger, {})
    if (!ledger.intact) faults.push('the ledger does not verify')
    return { kills: input.kills, episodes, ...sums(releases), ledgerEntries: ledger.entries, faults }
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function sums(releases: readonly KnownRelease[]) {
  const sum = (of: (release: KnownRelease) => number) =>
    releases.reduce((total, release) => total + of(release), 0)
  return {
    releases: releases.filter(({ id }) => id !== null).length,
    units: sum(({ units }) => units.size),
    checks: sum(({ checks }) => checks.size),
    approvals: sum(({ approvals }) => approvals),
  }
}

function describe(releases: readonly KnownRelease[]): string {
  const { releases: started, units, checks, approvals } = sums(releases)
  return `${started} releases, ${units} units, ${checks} checks, ${approvals} approvals`
}
