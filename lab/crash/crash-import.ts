/** A kill half way through an import: what was acknowledged is there, and importing again completes it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { listPolicies } from '@leeway/contract/policies'
import { episodeLine, importText } from './import-text.ts'
import { isLate } from './kill-moment.ts'
import type { KillableServer } from './killable-server.ts'

/** Enough that most kills hit an import half way. */
const EPISODES_A_FILE = 4_000

export type ImportCrash = {
  readonly acknowledged: number
  readonly there: number
  readonly faults: readonly string[]
}

/** `restart` starts the next server on the same data directory. */
export async function crashImport(
  server: KillableServer,
  restart: () => Promise<KillableServer>,
  kill: number,
  afterMs: number,
): Promise<ImportCrash & { readonly server: KillableServer }> {
  const target = { agent: 'desk', policy: `import-${kill}` }
  const lines = Array.from({ length: EPISODES_A_FILE }, (_, index) =>
    episodeLine(`${target.policy}-${index}`, index % 5 !== 0),
  ).join('\n')
  let acknowledged = 0
  let upload: Promise<unknown> = Promise.resolve()
  const first = new Promise<void>((resolve) => {
    upload = importText(server.client, target, lines, (added) => {
      acknowledged = added
      if (added > 0) resolve()
    }).catch(() => null)
  })
  if (isLate(kill)) await Promise.race([first, upload])
  await pause(afterMs)
  await server.kill()
  await upload
  const next = await restart()
  const faults: string[] = []
  const there = await countEpisodes(next.client, target.policy)
  if (there < acknowledged) faults.push(`${acknowledged} episodes were acknowledged, ${there} are there`)
  const again = await importText(next.client, target, lines)
  if (again.added !== EPISODES_A_FILE - there || again.known !== there)
    faults.push(
      `importing again added ${again.added} and knew ${again.known}, expected ${EPISODES_A_FILE - there} and ${there}`,
    )
  const all = await countEpisodes(next.client, target.policy)
  if (all !== EPISODES_A_FILE) faults.push(`${all} episodes instead of ${EPISODES_A_FILE}`)
  return { server: next, acknowledged, there, faults }
}

async function countEpisodes(client: Client, policy: string): Promise<number> {
  return (await client.call(listPolicies)).items.find(({ name }) => name === policy)?.episodes ?? 0
}
