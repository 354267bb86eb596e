/** The chain of who vouches for whom, from the anchor up to the candidate of a release, and what each link is worth. */
import { createHash } from 'node:crypto'
import type { LinkFigures } from '@leeway/contract/supervision'
import { type LinkItem, tallyLink } from '@leeway/core/oversight/link-items'
import {
  readLink,
  type SupervisionChain,
  type SupervisionLink,
} from '@leeway/core/oversight/supervision-link'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { frozenItems, supervisorOf } from './freeze-link.ts'

export type ReleaseLink = SupervisionLink & {
  readonly releaseId: string
  readonly handle: string
  readonly chosen: Awaited<ReturnType<typeof supervisorOf>>
  readonly items: readonly LinkItem[]
}
export type ReleaseChain = Pick<SupervisionChain, 'ground'> & { readonly links: readonly ReleaseLink[] }

type Release = { readonly projectId: string; readonly id: string }

/** Settled at the start of each release; what was declared or registered since changes nothing in it. */
export async function chainOf(executor: Executor, { projectId, id }: Release): Promise<ReleaseChain> {
  const links: ReleaseLink[] = []
  let ground = 'release'
  // Every release stands on one that was completed before it started, so this ends.
  for (let next: string | null = id; next !== null; ) {
    const link: ReleaseLink = await linkOf(executor, { projectId, id: next })
    links.unshift(link)
    ground = link.chosen?.ground ?? 'nobody'
    next = link.chosen?.belowReleaseId ?? null
  }
  return { ground: ground as SupervisionChain['ground'], links }
}

async function linkOf(executor: Executor, release: Release): Promise<ReleaseLink> {
  const { rows } = await executor.execute<{ charge: string; handle: string }>(sql`
    select policies.name as charge, agents.name || ' ' || releases.ordinal as handle from releases
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    where releases.project_id = ${release.projectId} and releases.id = ${release.id}`)
  const chosen = await supervisorOf(executor, release)
  const policy =
    chosen?.policyId == null ? undefined : await findPolicy(executor, release.projectId, chosen.policyId)
  const items = await frozenItems(executor, release)
  return {
    releaseId: release.id,
    handle: rows[0]?.handle ?? '',
    charge: rows[0]?.charge ?? '',
    supervisor: policy?.name ?? null,
    sameFamily: chosen?.sameFamily ?? false,
    chosen,
    items,
    tally: tallyLink(items),
  }
}

/** What the ledger says of a link: counts and a hash, no text and no ids of episodes. Null: nobody supervises. */
export async function linkRecord(executor: Executor, release: Release): Promise<LinkFigures | null> {
  const chosen = await supervisorOf(executor, release)
  return chosen?.raterId == null ? null : figuresOf(await frozenItems(executor, release))
}

export function figuresOf(items: readonly LinkItem[]): LinkFigures {
  const tally = tallyLink(items)
  const { mistakes, caught, catchRate } = readLink(tally, null)
  return {
    items: items.length,
    sha256: createHash('sha256')
      .update(items.map(({ kind, item, said }) => `${kind} ${item} ${said}\n`).join(''))
      .digest('hex'),
    checked: tally.checked,
    audited: tally.audited,
    mistakes,
    caught,
    catchLow: catchRate.low,
    catchHigh: catchRate.high,
    sound: tally.sound,
    falseAlarms: tally.falseAlarms,
    canariesShown: tally.canaries.shown,
    canariesCaught: tally.canaries.caught,
  }
}
