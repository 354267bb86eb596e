/**
 * Which questions are open, in memory: the queue is asked for at every answer, and a walk through all that was answered
 * before would take longer each day. It only proposes; the database has the last word on every reservation.
 *
 * A snapshot is one set-based query for each class of raters (untrusted, trusted, expert). What this process does to it is applied
 * at once; what others did is seen when it is built again, at the latest as soon as it has nothing left to propose.
 *
 * Over a million questions that query takes seconds, so a person waits for it only where nothing else helps: a server
 * that has just started proposes from a part of the queue, and an answer taken back is read by itself.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { isKeptFromTrusted } from '../looks/draw-looks.ts'
import { newestConflictOf, standingConflicts } from '../raters/conflicts.ts'
import { mayAnswer } from '../raters/may-answer.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { metByRaters } from './met-elsewhere.ts'
import type { Reviewer } from './rater-of.ts'
import { createSteadyCount, type SteadyCount } from './steady-count.ts'

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
  /** The newest conflict of any rater when it was read; '' before the first. */
  readonly newestConflict: string
  /** How many entries each rater has said something to. */
  readonly rated: Map<string, number>
  /** Settled when the answers that were taken back are open in it. */
  reread: Promise<void>
}
/** Whose answers count together, and for whom the same questions are kept. */
type RaterClass = Pick<Reviewer, 'trusted' | 'expert'>
const CLASSES: readonly RaterClass[] = [
  { trusted: false, expert: false },
  { trusted: true, expert: false },
  { trusted: true, expert: true },
]
type Change = (snapshot: Snapshot, of: RaterClass) => void
type Building = {
  readonly startedAtMs: number
  readonly snapshot: Promise<Snapshot>
  readonly changes: Change[]
  /** For those who cannot wait. */
  part?: Promise<Snapshot>
}

export type OpenQueue = {
  /** The first open question by position that is not in `passed`, held for the rater until `untilMs`; null: none is open. */
  readonly propose: (
    reviewer: Reviewer,
    passed: ReadonlySet<string>,
    untilMs: number,
  ) => Promise<string | null>
  /** Questions open to the rater that it has not answered. `fresh`: as the database is now, unless that takes long. */
  readonly open: (reviewer: Reviewer, options?: { readonly fresh: boolean }) => Promise<number>
  readonly answered: (reviewer: Reviewer, assignmentId: string, counts: boolean) => void
  /** An answer was taken back. */
  readonly reopened: (reviewer: Reviewer) => void
  /** Of those that are told how many are to come. */
  readonly steady: SteadyCount
}

/** Questions of one snapshot, those first in the queue: bounds memory. More are seen when these are answered. */
const ENTRIES_MAX = 20_000
/** A snapshot is used this many times as long as it took to build: others wait while it is built, and it only proposes. */
const AGE_FACTOR = 60
const AGE_MIN_MS = 250
/** Longer than this, nobody waits for a snapshot who can do without. */
const WAIT_MAX_MS = 500
/** Questions looked at for a part of the queue: takes some 20 ms, and is enough until the snapshot is built. */
const PART_MAX = 1_000

export function createOpenQueue({ db, now }: Pick<Effects, 'db' | 'now'>): OpenQueue {
  const snapshots = new Map<string, Snapshot>()
  const buildings = new Map<string, Building>()
  const keyOf = ({ projectId, trusted, expert }: RaterClass & Pick<Reviewer, 'projectId'>) =>
    `${projectId} ${trusted} ${expert}`

  const build = (reviewer: Reviewer): Promise<Snapshot> => {
    const key = keyOf(reviewer)
    const startedAtMs = performance.now()
    const changes: Change[] = []
    // First: of what comes between the two reads the snapshot knows more than it says, never less.
    const snapshot = newestConflictOf(db, reviewer.projectId)
      .then(async (conflict) => {
        const entries = await readOpen(db, reviewer, now())
        const built = snapshotOf(entries, startedAtMs, performance.now() - startedAtMs, conflict)
        // What happened meanwhile may or may not be in what was read; each change can be made twice.
        for (const change of changes) change(built, reviewer)
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
  /** Where the rater, or anybody, was last: what comes before is answered for the most part. */
  const readPart = async (reviewer: Reviewer, { startedAtMs, changes }: Building): Promise<Snapshot> => {
    const { projectId, raterId } = reviewer
    const entries = await readSome(
      db,
      reviewer,
      now(),
      sql`position >= coalesce((
        select last.position from reservations
        join assignments last on last.project_id = reservations.project_id and last.id = assignment_id
        where reservations.project_id = ${projectId}
        order by rater_id = ${raterId} desc, started_at desc limit 1), '-infinity')`,
    )
    const part = snapshotOf(entries, startedAtMs, WAIT_MAX_MS, reviewer.newestConflict)
    for (const change of changes) change(part, reviewer)
    const key = keyOf(reviewer)
    if (entries.size > 0 && !snapshots.has(key)) snapshots.set(key, part)
    return part
  }
  const first = async (reviewer: Reviewer): Promise<Snapshot> => {
    const snapshot = buildings.get(keyOf(reviewer))?.snapshot ?? build(reviewer)
    const inTime = await Promise.race([snapshot, pause(WAIT_MAX_MS, null, { ref: false })])
    const building = buildings.get(keyOf(reviewer))
    if (inTime !== null || building === undefined) return snapshot
    building.part ??= readPart(reviewer, building)
    const part = await building.part
    return part.entries.size > 0 ? part : snapshot
  }
  const current = async (reviewer: Reviewer): Promise<Snapshot> => {
    const key = keyOf(reviewer)
    const snapshot = snapshots.get(key)
    if (snapshot === undefined) return first(reviewer)
    // Hundreds of proposals that the database refuses would look like an empty queue.
    if ((reviewer.newestConflict ?? '') > snapshot.newestConflict) return buildNow(reviewer)
    await snapshot.reread
    const old = performance.now() - snapshot.builtAtMs > Math.max(AGE_MIN_MS, AGE_FACTOR * snapshot.tookMs)
    // Nobody waits for it; if it fails, the next one who finds nothing is told.
    if (old && !buildings.has(key)) build(reviewer).catch(() => {})
    return snapshot
  }
  const change = ({ projectId }: Reviewer, apply: Change) => {
    for (const one of CLASSES) {
      const key = keyOf({ projectId, ...one })
      const snapshot = snapshots.get(key)
      if (snapshot !== undefined) apply(snapshot, one)
      buildings.get(key)?.changes.push(apply)
    }
  }

  return {
    steady: createSteadyCount({ now }),
    propose: async (reviewer, passed, untilMs) => {
      const next = (snapshot: Snapshot) => pick(snapshot, reviewer.raterId, passed, now().getTime())
      const id = next(await current(reviewer)) ?? next(await buildNow(reviewer))
      // So that a second request of this process looks further.
      change(reviewer, ({ entries }, { trusted }) => {
        if (id !== null && trusted === reviewer.trusted)
          entries.get(id)?.heldBy.set(reviewer.raterId, untilMs)
      })
      return id
    },
    open: async (reviewer, options = { fresh: false }) => {
      const snapshot = await current(reviewer)
      const open = openIn(snapshot, reviewer)
      // Of a long queue nobody sees a difference, except between none and one.
      const waits = options.fresh && (open === 0 || snapshot.tookMs < WAIT_MAX_MS)
      return waits ? openIn(await buildNow(reviewer), reviewer) : open
    },
    answered: (reviewer, assignmentId, counts) =>
      change(reviewer, ({ entries, rated }, { trusted }) => {
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
    reopened: (reviewer) =>
      change(reviewer, (snapshot, of) => {
        const { projectId, raterId } = reviewer
        const own = sql`id in (select assignment_id from reservations
        where project_id = ${projectId} and rater_id = ${raterId})`
        const held = readSome(db, { ...reviewer, ...of }, now(), own)
        snapshot.reread = Promise.all([held, snapshot.reread]).then(([entries]) => {
          for (const entry of entries.values()) put(snapshot, entry)
        })
        // Then it is open again when the snapshot is built the next time.
        snapshot.reread = snapshot.reread.catch(() => {})
      }),
  }
}

function snapshotOf(
  entries: Map<string, Entry>,
  builtAtMs: number,
  tookMs: number,
  newestConflict: string | null,
): Snapshot {
  const rated = new Map<string, number>()
  for (const { ratedBy } of entries.values()) for (const raterId of ratedBy) addTo(rated, raterId, 1)
  return {
    builtAtMs,
    tookMs,
    entries,
    newestConflict: newestConflict ?? '',
    rated,
    reread: Promise.resolve(),
  }
}

function openIn({ entries, rated }: Snapshot, { raterId }: Reviewer): number {
  return entries.size - (rated.get(raterId) ?? 0)
}

/** A new one comes last until the snapshot is built again: the rater who took the answer back is at it. */
function put({ entries, rated }: Snapshot, entry: Entry): void {
  for (const raterId of entries.get(entry.id)?.ratedBy ?? []) addTo(rated, raterId, -1)
  for (const raterId of entry.ratedBy) addTo(rated, raterId, 1)
  entries.set(entry.id, entry)
}

function addTo(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

function pick(
  { entries }: Snapshot,
  raterId: string,
  passed: ReadonlySet<string>,
  nowMs: number,
): string | null {
  for (const entry of entries.values()) {
    if (entry.ratedBy.has(raterId) || passed.has(entry.id)) continue
    let held = 0
    for (const [holder, until] of entry.heldBy)
      if (holder !== raterId && until > nowMs && !entry.ratedBy.has(holder)) held += 1
    if (entry.answered + held < entry.wanted) return entry.id
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

/** The first in the queue. One pass over all questions and answers: where most are answered, looking at each takes longer. */
async function readOpen(db: Effects['db'], reviewer: Reviewer, now: Date): Promise<Map<string, Entry>> {
  const { projectId } = reviewer
  const found = await db.execute<Row>(sql`
    with ${tiers(projectId)},
    standing as materialized (${standing(reviewer, sql``)}),
    holds as materialized (
      select assignment_id, jsonb_object_agg(rater_id, until) as held_by
      from (${holding(reviewer, now)}) held group by assignment_id
    ),
    open as materialized (
      select assignments.id, position, answers_wanted as wanted,
        (count(*) filter (where standing.counts))::int as answered,
        coalesce(array_agg(standing.rater_id) filter (where standing.rater_id is not null), '{}') as rated_by
      from assignments left join standing on standing.episode_id = assignments.episode_id
        and standing.criterion_sha256 = assignments.criterion_sha256
      where assignments.project_id = ${projectId} and ${isOffered(reviewer, now)}
      group by assignments.project_id, assignments.id
      having count(*) filter (where standing.counts) < answers_wanted
    )
    select open.id, wanted, answered, rated_by::text[] as rated_by, held_by
    from open left join holds on holds.assignment_id = open.id
    order by position, open.id limit ${ENTRIES_MAX}`)
  return entriesOf(found.rows)
}

/** The open ones among the first `PART_MAX` of `which`, a condition on `assignments`; each is looked at by itself. */
async function readSome(
  db: Effects['db'],
  reviewer: Reviewer,
  now: Date,
  which: SQL,
): Promise<Map<string, Entry>> {
  const { projectId } = reviewer
  const found = await db.execute<Row>(sql`
    with ${tiers(projectId)},
    some_asked as materialized (
      select id, position, episode_id, criterion_sha256, answers_wanted from assignments
      where project_id = ${projectId} and ${which} and ${isOffered(reviewer, now)} order by position, id limit ${PART_MAX}
    )
    select asked.id, answers_wanted as wanted, answered, rated_by, held_by
    from some_asked asked
    cross join lateral (
      select (count(*) filter (where counts))::int as answered, coalesce(array_agg(rater_id::text), '{}') as rated_by
      from (${standing(
        reviewer,
        sql`and said.episode_id = asked.episode_id and said.criterion_sha256 = asked.criterion_sha256`,
      )}) standing
    ) said
    cross join lateral (
      select jsonb_object_agg(rater_id, until) as held_by
      from (${holding(reviewer, now)}) held where assignment_id = asked.id
    ) holds
    where answered < answers_wanted
    order by position, asked.id`)
  return entriesOf(found.rows)
}

/** SQL: a condition on `assignments`, before the first are counted: what is kept for others would fill the places of what is not. */
const isOffered = ({ trusted, expert }: RaterClass, now: Date) =>
  trusted ? sql`not ${isKeptFromTrusted(expert, now)}` : sql`true`

function tiers(projectId: string): SQL {
  return sql`tiers as materialized (
    select distinct on (rater_id) rater_id, ${isTrustedTier(sql`tier`)} as trusted from rater_tiers
    where project_id = ${projectId} order by rater_id, id desc
  )`
}

/** Which people said something to which question; `counts`: an answer of the reviewer's class. `about`: a condition on `said`. */
function standing({ projectId, trusted }: Reviewer, about: SQL): SQL {
  return sql`
    select said.episode_id, said.criterion_sha256, said.rater_id,
      said.kind <> 'abstained' and said.form = 'find' and coalesce(tiers.trusted, false) = ${trusted} as counts
    from ratings said
    join raters on raters.project_id = said.project_id and raters.id = said.rater_id and raters.kind = 'human'
    left join tiers on tiers.rater_id = said.rater_id
    where said.project_id = ${projectId} ${about} and said.kind <> 'withdrawn' and not exists (
      select 1 from ratings later where later.project_id = said.project_id and later.supersedes = said.id)
    -- Who has met it otherwise does not come to it new. Proposed and refused at each request, it would make those for work slower.
    union all select said.episode_id, said.criterion_sha256, said.rater_id, false from ${metByRaters(projectId)} said
    where true ${about}
    -- Nor who may not judge the agent.
    union all select said.episode_id, said.criterion_sha256, conflict.rater_id, false
    from ${standingConflicts(projectId)} conflict
    join episodes on episodes.project_id = ${projectId} and episodes.agent_id = conflict.agent_id
    join assignments said on said.project_id = ${projectId} and said.episode_id = episodes.id
    where true ${about}
    -- Nor who is shown something else in the place of the episode, or was told in a validity round what is right about it.
    union all select said.episode_id, said.criterion_sha256, known.rater_id, false from (
      select episode_id, rater_id from rater_copies where project_id = ${projectId}
      union select original_id, rater_id from validity_places where project_id = ${projectId}) known
    join assignments said on said.project_id = ${projectId} and said.episode_id = known.episode_id
    where true ${about}`
}

/** Reservations of the reviewer's class that have not run out, of those who may answer still; `until` in milliseconds since 1970. */
function holding({ projectId, trusted }: Reviewer, now: Date): SQL {
  return sql`
    select assignment_id, reservations.rater_id, extract(epoch from expires_at) * 1000 as until
    from reservations left join tiers on tiers.rater_id = reservations.rater_id
    where project_id = ${projectId} and expires_at > ${now.toISOString()}::timestamptz
      and coalesce(tiers.trusted, false) = ${trusted} and ${mayAnswer(projectId, sql`reservations.rater_id`)}`
}

function entriesOf(rows: readonly Row[]): Map<string, Entry> {
  return new Map(
    rows.map((row) => [
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
