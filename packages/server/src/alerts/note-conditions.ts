/** Turns what is so now into alerts that are said once when they begin and once when they end, whichever process looks. */
import type { AlertKind, AlertView } from '@leeway/contract/alerts'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { standingAlerts } from './standing-alerts.ts'
import { alertEnds, alerts } from './tables.ts'

export type Condition = {
  readonly kind: AlertKind
  readonly place: string
  /** 'between': bad enough to go on, not to begin. So what wavers about a limit is said once. */
  readonly state: 'bad' | 'between' | 'good'
  /** For when it begins. */
  readonly sentence: string
}

type IsGone = (alert: Pick<AlertView, 'kind' | 'at'>) => boolean

const SENTENCE_MAX = 400

/** `isGone`: whether an alert ends where nothing is said of its place any more, as of a release that has ended. */
export async function noteConditions(
  { db, now, newId }: Pick<Effects, 'db' | 'now' | 'newId'>,
  projectId: string,
  conditions: readonly Condition[],
  isGone: IsGone = () => false,
): Promise<void> {
  const standing = await standingAlerts(db, projectId)
  // Nearly always nothing has changed: no lock is taken for that.
  if (changes(standing, conditions, isGone) === 0) return
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('alerts:' || ${projectId}::text, 0))`)
    const held = await standingAlerts(tx, projectId)
    const at = now()
    for (const { kind, place, sentence } of beginning(held, conditions))
      await tx
        .insert(alerts)
        .values({ projectId, id: newId(), kind, place, sentence: sentence.slice(0, SENTENCE_MAX), at })
    for (const { id } of ending(held, conditions, isGone))
      await tx.insert(alertEnds).values({ projectId, alertId: id, at }).onConflictDoNothing()
  })
}

type Standing = Awaited<ReturnType<typeof standingAlerts>>
type Of = Pick<Condition, 'kind' | 'place'>
const isSame = (one: Of) => (other: Of) => one.kind === other.kind && one.place === other.place

const beginning = (standing: Standing, conditions: readonly Condition[]) =>
  conditions.filter((one) => one.state === 'bad' && !standing.some(isSame(one)))

const ending = (standing: Standing, conditions: readonly Condition[], isGone: IsGone) =>
  standing.filter((one) => {
    const condition = conditions.find(isSame(one))
    return condition === undefined ? isGone(one) : condition.state === 'good'
  })

const changes = (standing: Standing, conditions: readonly Condition[], isGone: IsGone) =>
  beginning(standing, conditions).length + ending(standing, conditions, isGone).length
