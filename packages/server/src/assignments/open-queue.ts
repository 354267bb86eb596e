/**
 * Which questions are open, in memory: the queue is asked for at every answer, and a walk through all that was answered
 * before would take longer each day. It only proposes; the database has the last word on every reservation.
 *
 * A snapshot is one set-based query for each class of raters (trusted or not). What this process does to it is applied
 * at once; what others did is seen when it is built again, at the latest as soon as it has nothing left to propose.
 */
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import type { Reviewer } from './rater-of.ts'

type Entry = {
  readonly id: string
  readonly wanted: number
  /** Answers of the class; abstentions are none. */
  answered: number
  /** Raters who said something to it, abstentions included. */
  readonly ratedBy: Set<string>
  /** Rater to the end of its reservation, in milliseconds since 1970. */
  readonly heldBy: Map<string, number>
}
/** Entries have room for another answer; those that have none any more are taken out. */
type Snapshot = {
  readonly builtAtMs: number
  readonly tookMs: number
  readonly entries: Map<string, Entry>
  /** How many entries each rater has said something to. */
  readonly rated: Map<string, number>
}
type Change = (snapshot: Snapshot, trusted: boolean) => void
type Building = {
  readonly startedAtMs: number
  readonly snapshot: Promise<Snapshot>
  readonly changes: Change[]
}

export type OpenQueue = {
  /** The first open question by position that is not in `passed`, held for the rater until `untilMs`; null: none is open. */
  readonly propose: (
    reviewer: Reviewer,
    passed: ReadonlySet<string>,
    untilMs: number,
  ) => Promise<string | null>
  /** Questions open to the rater that it has not answered. `fresh`: as the database is now. */
  readonly open: (reviewer: Reviewer, options?: { readonly fresh: boolean }) => Promise<number>
  readonly answered: (reviewer: Reviewer, assignmentId: string, counts: boolean) => void
  /** An answer was taken back. */
  readonly reopened: (reviewer: Reviewer) => void
}

/** Questions of one snapshot, those first in the queue: bounds memory. More are seen when these are answered. */
const ENTRIES_MAX = 20_000
/** A snapshot is used this many times as long as it took to build, so that building takes a twentieth of one core. */
const AGE_FACTOR = 20
const AGE_MIN_MS = 250

export function createOpenQueue({ db, now }: Pick<Effects, 'db' | 'now'>): OpenQueue {
  const snapshots = new Map<string, Snapshot>()
  const buildings = new Map<string, Building>()
  const keyOf = ({ projectId, trusted }: Reviewer) => `${projectId} ${trusted}`

  const build = (reviewer: Reviewer): Promise<Snapshot> => {
    const key = keyOf(reviewer)
    const startedAtMs = performance.now()
    const changes: Change[] = []
    const snapshot = readOpen(db, reviewer, now())
      .then((entries) => {
        const rated = new Map<string, number>()
        for (const { ratedBy } of entries.values()) for (const raterId of ratedBy) addTo(rated, raterId, 1)
        const tookMs = performance.now() - startedAtMs
        const built = { builtAtMs: startedAtMs, tookMs, entries, rated }
        // What happened meanwhile may or may not be in what was read; each change can be made twice.
        for (const change of changes) change(built, reviewer.trusted)
        snapshots.set(key, built)
        return built
      })
      .finally(() => buildings.delete(key))
    buildings.set(key, { startedAtMs, snapshot, changes })
    return snapshot
  }
  /** Built no earlier than this call. */
  const buildNow = async (reviewer: Reviewer): Promise<Snapshot> => {
    const asked = performance.now()
    for (;;) {
      const building = buildings.get(keyOf(reviewer))
      if (building === undefined) return build(reviewer)
      const snapshot = await building.snapshot
      if (building.startedAtMs >= asked) return snapshot
    }
  }
  const current = async (reviewer: Reviewer): Promise<Snapshot> => {
    const key = keyOf(reviewer)
    const snapshot = snapshots.get(key)
    if (snapshot === undefined) return buildings.get(key)?.snapshot ?? build(reviewer)
    const old = performance.now() - snapshot.builtAtMs > Math.max(AGE_MIN_MS, AGE_FACTOR * snapshot.tookMs)
    // Nobody waits for it; if it fails, the next one who finds nothing is told.
    if (old && !buildings.has(key)) build(reviewer).catch(() => {})
    return snapshot
  }
  const change = ({ projectId }: Reviewer, apply: Change) => {
    for (const trusted of [true, false]) {
      const key = keyOf({ projectId, trusted, raterId: '' })
      const snapshot = snapshots.get(key)
      if (snapshot !== undefined) apply(snapshot, trusted)
      buildings.get(key)?.changes.push(apply)
    }
  }

  return {
    propose: async (reviewer, passed, untilMs) => {
      const first = pick(await current(reviewer), reviewer, passed, now().getTime(), untilMs)
      return first ?? pick(await buildNow(reviewer), reviewer, passed, now().getTime(), untilMs)
    },
    open: async (reviewer, options = { fresh: false }) => {
      const { entries, rated } = await (options.fresh ? buildNow(reviewer) : current(reviewer))
      return entries.size - (rated.get(reviewer.raterId) ?? 0)
    },
    answered: (reviewer, assignmentId, counts) =>
      change(reviewer, ({ entries, rated }, trusted) => {
        const entry = entries.get(assignmentId)
        if (entry === undefined) return
        entry.heldBy.delete(reviewer.raterId)
        if (entry.ratedBy.has(reviewer.raterId)) return
        entry.ratedBy.add(reviewer.raterId)
        addTo(rated, reviewer.raterId, 1)
        if (!counts || trusted !== reviewer.trusted) return
        entry.answered += 1
        if (entry.answered < entry.wanted) return
        entries.delete(assignmentId)
        for (const raterId of entry.ratedBy) addTo(rated, raterId, -1)
      }),
    reopened: ({ projectId }) => {
      for (const trusted of [true, false]) snapshots.delete(keyOf({ projectId, trusted, raterId: '' }))
    },
  }
}

function addTo(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

/** Holds what it gives, so that a second request of this process looks further. */
function pick(
  { entries }: Snapshot,
  { raterId }: Reviewer,
  passed: ReadonlySet<string>,
  nowMs: number,
  untilMs: number,
): string | null {
  for (const entry of entries.values()) {
    if (entry.ratedBy.has(raterId) || passed.has(entry.id)) continue
    let held = 0
    for (const [holder, until] of entry.heldBy)
      if (holder !== raterId && until > nowMs && !entry.ratedBy.has(holder)) held += 1
    if (entry.answered + held >= entry.wanted) continue
    entry.heldBy.set(raterId, untilMs)
    return entry.id
  }
  return null
}

type Row = {
  readonly id: string
  readonly wanted: number
  readonly answered: number
  readonly rated_by: readonly string[]
  readonly held_by: Readonly<Record<string, number>> | null
}

async function readOpen(
  db: Effects['db'],
  { projectId, trusted }: Reviewer,
  now: Date,
): Promise<Map<string, Entry>> {
  const found = await db.execute<Row>(sql`
    with tiers as materialized (
      select distinct on (rater_id) rater_id, ${isTrustedTier(sql`tier`)} as trusted from rater_tiers
      where project_id = ${projectId} order by rater_id, id desc
    ),
    standing as materialized (
      select ratings.episode_id, ratings.criterion_sha256, ratings.rater_id, ratings.kind <> 'abstained'
        and coalesce(tiers.trusted, false) = ${trusted} as counts
      from ratings
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
      left join tiers on tiers.rater_id = ratings.rater_id
      where ratings.project_id = ${projectId} and ratings.kind <> 'withdrawn' and not exists (
        select 1 from ratings later where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      -- Who was told what is right is not asked again.
      union all select episode_id, criterion_sha256, rater_id, false from round_answers
      where project_id = ${projectId}
    ),
    holds as materialized (
      select assignment_id, jsonb_object_agg(reservations.rater_id, extract(epoch from expires_at) * 1000) as held_by
      from reservations left join tiers on tiers.rater_id = reservations.rater_id
      where project_id = ${projectId} and expires_at > ${now.toISOString()}::timestamptz
        and coalesce(tiers.trusted, false) = ${trusted}
      group by assignment_id
    ),
    open as materialized (
      select assignments.id, position, answers_wanted as wanted,
        (count(*) filter (where standing.counts))::int as answered,
        coalesce(array_agg(standing.rater_id) filter (where standing.rater_id is not null), '{}') as rated_by
      from assignments left join standing on standing.episode_id = assignments.episode_id
        and standing.criterion_sha256 = assignments.criterion_sha256
      where assignments.project_id = ${projectId}
      group by assignments.project_id, assignments.id
      having count(*) filter (where standing.counts) < answers_wanted
    )
    select open.id, wanted, answered, rated_by::text[] as rated_by, held_by
    from open left join holds on holds.assignment_id = open.id
    order by position, open.id limit ${ENTRIES_MAX}`)
  return new Map(
    found.rows.map((row) => [
      row.id,
      {
        id: row.id,
        wanted: row.wanted,
        answered: row.answered,
        ratedBy: new Set(row.rated_by),
        heldBy: new Map(Object.entries(row.held_by ?? {}).map(([rater, until]) => [rater, Number(until)])),
      },
    ]),
  )
}
