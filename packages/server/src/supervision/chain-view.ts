/** The chain of a release for people: each link with its figures, and what the ledger holds of it counted again. */
import type { ChainLink, ChainView, LinkFigures } from '@leeway/contract/supervision'
import type { Ladder, SupervisionBar } from '@leeway/core/ladder/ladder'
import { brokenBy, brokenLink, describeLink, readLink } from '@leeway/core/oversight/supervision-link'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { chainOf, figuresOf, type ReleaseLink } from './chain.ts'
import { registeredAs } from './registered.ts'

export async function chainView(
  executor: Executor,
  release: { readonly projectId: string; readonly id: string },
  { ladder, stage }: { readonly ladder: Ladder; readonly stage: number },
): Promise<ChainView> {
  const chain = await chainOf(executor, release)
  const next = ladder.stages[stage + 1]
  const bar = (next ?? ladder.stages[stage])?.supervision ?? null
  return {
    releaseId: release.id,
    handle: chain.links.at(-1)?.handle ?? '',
    bar: bar === null ? null : { stage: next?.name ?? null, ...bar },
    ground: { kind: chain.ground, policy: chain.links[0]?.supervisor ?? null },
    links: await Promise.all(chain.links.map((link) => linkView(executor, release.projectId, link, bar))),
    broken: bar === null ? null : brokenLink(chain, bar),
  }
}

async function linkView(
  executor: Executor,
  projectId: string,
  link: ReleaseLink,
  bar: SupervisionBar | null,
): Promise<ChainLink> {
  const { chosen, charge, handle, releaseId, sameFamily } = link
  const { catchRate, falseAlarmRate, auditShare, canaries, asleepAt } = readLink(link.tally, bar)
  const supervisor =
    chosen?.raterId == null ? undefined : await registeredAs(executor, projectId, chosen.raterId)
  return {
    releaseId,
    handle,
    charge,
    supervisor:
      supervisor === undefined
        ? null
        : { raterId: supervisor.raterId, rater: supervisor.rater, policy: supervisor.policy },
    named: chosen?.named ?? false,
    reason: chosen?.reason ?? '',
    sameFamily,
    catchRate,
    falseAlarmRate,
    auditShare,
    canaries,
    asleepAt,
    figures: figuresOf(link.items),
    holds: bar === null ? null : brokenBy(link, bar) === null,
    sentence: describeLink(link, bar),
    recorded: await recordedFigures(executor, projectId, link),
  }
}

/** As it stood at each decision, and whether the first so many frozen items still give the same. */
async function recordedFigures(
  executor: Executor,
  projectId: string,
  { releaseId, items }: ReleaseLink,
): Promise<ChainLink['recorded']> {
  const { rows } = await executor.execute<{ seq: number; kind: string; figures: LinkFigures }>(sql`
    select ledger_seq::int as seq, kind, body->'evidence'->'link' as figures from decisions
    join ledger_entries on ledger_entries.project_id = decisions.project_id and ledger_entries.seq = decisions.ledger_seq
    where decisions.project_id = ${projectId} and release_id = ${releaseId}
      and jsonb_typeof(body->'evidence'->'link') = 'object'
    order by ordinal`)
  return rows.map(({ seq, kind, figures }) => ({
    ledgerSeq: seq,
    decision: kind,
    figures,
    same: isSame(figuresOf(items.slice(0, figures.items)), figures),
  }))
}

function isSame(again: LinkFigures, recorded: LinkFigures): boolean {
  return Object.entries(again).every(([field, value]) => recorded[field as keyof LinkFigures] === value)
}
