/**
 * Second looks: an expert who did not give the first answer, blind to it and to the arm, answers a random share of the
 * labelled units of both arms again. So the gate sees the faults that this very candidate hides from raters.
 *
 * Order of facts: the label is frozen, the draw is recorded, the expert is asked, the expert's answer is frozen. The draw
 * depends on the seed and the place alone, and its probability is that of every label, whatever it says.
 */
import type { Reaudit } from '@leeway/core/gate/unit'
import { and, eq } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import type { Executor, Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { episodesOfUnits, failuresAtSecondLook } from './criterion-labels.ts'
import { draw } from './draw.ts'
import { type LabelRow, labelsOf, type ReleaseRow, type SelectionRow, selectionsOf } from './release-store.ts'
import { secondLookLabels, secondLooks } from './tables.ts'
import { type CriterionTruth, truthOf } from './truth.ts'

type Arm = 'candidate' | 'baseline'
type Look = typeof secondLooks.$inferSelect
type Place = { readonly sequence: number; readonly arm: string }

/** Experts are few, and their answers are worth waiting for. */
const LOOK_DAYS = 30
/** Rows of one insert; keeps the statement under PostgreSQL's 65,535 parameters. */
const ROWS_AT_ONCE = 5_000

/** Second looks as the gate reads them, by `sequence:arm`; null while one that was drawn is awaited. */
export type SecondLooks = (place: Place) => Reaudit | null

/** Draws for labels frozen since, asks experts, and freezes what they said or what is overdue. Safe to repeat. */
export async function lookAgain(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now' | 'randomBytes'>,
  release: ReleaseRow,
  stage: string,
): Promise<void> {
  const truth = truthOf(release)
  if (truth.kind !== 'criterion' || truth.secondLookShare === undefined) return
  const selected = await selectionsOf(tx, release.projectId, release.id, stage)
  const unitKeys = new Map(selected.map((row) => [row.sequence, row.unitKey]))
  const labels = await labelsOf(tx, release.projectId, release.id)
  await drawLooks(tx, effects.now(), release, truth.secondLookShare, selected, labels)
  const done = new Set((await labelsAgain(tx, release)).map(placeKey))
  const refused = new Set(labels.filter(({ basis }) => basis === 'refused').map(placeKey))
  const waiting = (await looksOf(tx, release)).filter(
    (look) => look.drawn && unitKeys.has(look.sequence) && !done.has(placeKey(look)),
  )
  for (const arm of ['candidate', 'baseline'] as const) {
    const looks = waiting
      .filter((look) => look.arm === arm)
      .map((look) => ({ look, unitKey: unitKeys.get(look.sequence) ?? '' }))
    const open = await freezeLooks(tx, effects.now(), release, truth, arm, looks, refused)
    await askExperts(tx, effects, release, truth, arm, open)
  }
}

export async function readSecondLooks(executor: Executor, release: ReleaseRow): Promise<SecondLooks> {
  const looks = new Map((await looksOf(executor, release)).map((look) => [placeKey(look), look]))
  const labels = new Map((await labelsAgain(executor, release)).map((label) => [placeKey(label), label]))
  return (place) => {
    const look = looks.get(placeKey(place))
    if (look === undefined) return null
    const { probability } = look
    if (!look.drawn) return { kind: 'unsampled', probability }
    const label = labels.get(placeKey(place))
    if (label === undefined) return null
    return label.failure === null
      ? { kind: 'missing', probability }
      : { kind: 'observed', failure: label.failure, probability }
  }
}

async function drawLooks(
  tx: Transaction,
  now: Date,
  release: ReleaseRow,
  probability: number,
  selected: readonly SelectionRow[],
  labels: readonly LabelRow[],
): Promise<void> {
  const known = new Set((await looksOf(tx, release)).map(placeKey))
  const places = new Set(selected.map(({ sequence }) => sequence))
  const seed = Buffer.from(release.seedHex, 'hex')
  const dueAt = new Date(now.getTime() + LOOK_DAYS * 86_400_000)
  const rows = labels
    .filter((label) => label.failure !== null && places.has(label.sequence) && !known.has(placeKey(label)))
    .map(({ sequence, arm }) => ({
      projectId: release.projectId,
      releaseId: release.id,
      sequence,
      arm,
      probability,
      drawn: draw(seed, 'second look', sequence, arm) < probability,
      drawnAt: now,
      dueAt,
    }))
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx.insert(secondLooks).values(rows.slice(at, at + ROWS_AT_ONCE))
}

type Waiting = { readonly look: Look; readonly unitKey: string }

/** What is still awaited. Whoever looks again at a rescued episode sees the rescue: what was refused stays a failure. */
async function freezeLooks(
  tx: Transaction,
  now: Date,
  release: ReleaseRow,
  truth: CriterionTruth,
  arm: Arm,
  waiting: readonly Waiting[],
  refused: ReadonlySet<string>,
): Promise<readonly Waiting[]> {
  const failures = await failuresAtSecondLook(
    tx,
    release.projectId,
    policyOf(release, arm),
    waiting.map(({ unitKey }) => unitKey),
    truth,
  )
  const isOver = ({ look, unitKey }: Waiting) =>
    refused.has(placeKey(look)) || failures.has(unitKey) || look.dueAt <= now
  const rows = waiting.filter(isOver).map(({ look, unitKey }) => ({
    projectId: release.projectId,
    releaseId: release.id,
    sequence: look.sequence,
    arm,
    failure: refused.has(placeKey(look)) ? 1 : (failures.get(unitKey) ?? null),
    labelledAt: now,
  }))
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx.insert(secondLookLabels).values(rows.slice(at, at + ROWS_AT_ONCE))
  return waiting.filter((one) => !isOver(one))
}

async function askExperts(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now' | 'randomBytes'>,
  release: ReleaseRow,
  { rubricId, criterionSha256 }: CriterionTruth,
  arm: Arm,
  open: readonly Waiting[],
): Promise<void> {
  const { projectId } = release
  const episodes = await episodesOfUnits(
    tx,
    projectId,
    policyOf(release, arm),
    open.map(({ unitKey }) => unitKey),
  )
  for (const { look, unitKey } of open)
    await openAssignments(tx, effects, projectId, {
      rubricId,
      criterionSha256,
      answersWanted: 0,
      episodeIds: episodes.filter((one) => one.unitKey === unitKey).map(({ episodeId }) => episodeId),
      purpose: 'second-look',
      releaseId: release.id,
      sequence: look.sequence,
    })
}

function policyOf(release: ReleaseRow, arm: Arm): string {
  return arm === 'candidate' ? release.candidatePolicyId : release.baselinePolicyId
}

const placeKey = ({ sequence, arm }: Place) => `${sequence}:${arm}`

async function looksOf(executor: Executor, { projectId, id }: ReleaseRow): Promise<readonly Look[]> {
  return executor
    .select()
    .from(secondLooks)
    .where(and(eq(secondLooks.projectId, projectId), eq(secondLooks.releaseId, id)))
}

async function labelsAgain(executor: Executor, { projectId, id }: ReleaseRow) {
  return executor
    .select()
    .from(secondLookLabels)
    .where(and(eq(secondLookLabels.projectId, projectId), eq(secondLookLabels.releaseId, id)))
}
