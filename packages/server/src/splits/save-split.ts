/** Keeps how a question is split, unless known answers show that it would hurt. */
import { type SavedSplit, type SaveSplit, type SplitPlan, SplitRules } from '@leeway/contract/splits'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { requireJudge } from '../models/judge.ts'
import { criterionSha256 as sha256Of } from '../rubrics/criterion-hash.ts'
import { criteriaByHash, findRubric, insertCriteria, rubricOf } from '../rubrics/stored-rubrics.ts'
import { foresee } from './foresee.ts'
import { rootsOf, type Split, type Standing, treeOf } from './split-tree.ts'
import { splitRulesOf, standingSplits } from './stored-splits.ts'
import { splits } from './tables.ts'

type Wanted = z.output<typeof SaveSplit>

export async function saveSplit(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: Wanted,
): Promise<z.infer<typeof SavedSplit>> {
  return effects.db.transaction(async (tx) => {
    // One at a time: two that are harmless alone could make a circle.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('splits:' || ${projectId}::text, 0))`)
    const { parts, shas } = await readWanted(tx, projectId, wanted)
    const standing = await standingSplits(tx, projectId)
    const { criterionSha256, rule, answersWanted, judge: judgeId, rubric: rubricId } = wanted
    const plan = await planOf(tx, projectId, wanted, shas)
    const before = standing.get(criterionSha256)
    if (
      before === undefined
        ? shas.length === 0
        : before.rule === rule &&
          before.answersWanted === answersWanted &&
          before.judgeId === judgeId &&
          before.parts.join() === shas.join()
    )
      return { id: before?.id ?? '', added: false, plan }
    const after: Standing = new Map<string, Split>([
      ...standing,
      [criterionSha256, { parts: [...shas], answersWanted, judgeId }],
    ])
    await refuseBeyondLimits(tx, projectId, criterionSha256, after)
    refuseHarm(plan, wanted)
    const at = effects.now()
    const id = effects.newId()
    await insertCriteria(
      tx,
      parts.map((definition, place) => ({
        projectId,
        sha256: shas[place] as string,
        definition,
        createdAt: at,
      })),
    )
    const row = { projectId, id, criterionSha256, rubricId, rule, parts: [...shas], answersWanted, judgeId }
    await tx.insert(splits).values({ ...row, plan, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'split.saved',
      body: {
        split: id,
        rubric: rubricId,
        criterion: criterionSha256,
        rule,
        parts: shas,
        answersWanted,
        ...(judgeId === null ? {} : { rater: judgeId }),
        verdict: plan.kind === 'forecast' ? plan.verdict : 'unknown',
      },
    })
    return { id, added: true, plan }
  })
}

/** What the planner says; nothing is stored. */
export async function planSplit(effects: Effects, projectId: string, wanted: Wanted): Promise<SplitPlan> {
  const { shas } = await readWanted(effects.db, projectId, wanted)
  return planOf(effects.db, projectId, wanted, shas)
}

async function planOf(
  executor: Executor,
  projectId: string,
  { criterionSha256, rule }: Wanted,
  parts: readonly string[],
): Promise<SplitPlan> {
  if (parts.length === 0) return { kind: 'unknown', reason: 'the question is split no more' }
  return foresee(executor, projectId, { criterionSha256, rule, parts })
}

async function readWanted(
  executor: Executor,
  projectId: string,
  wanted: Wanted,
): Promise<{ readonly parts: readonly Criterion[]; readonly shas: readonly string[] }> {
  await requireWhole(executor, projectId, wanted)
  const { answersWanted, judge } = wanted
  if (wanted.parts.length === 1)
    throw new AppError('unprocessable', 'One part is no split.', 'Write at least two parts, or none.', {
      field: 'body.parts',
    })
  if (judge !== null && (await requireJudge(executor, projectId, judge)).definition.usdPerMillion === null)
    throw new AppError(
      'unprocessable',
      'The price of this judge is not known, so no limit of cost can hold.',
      'Declare it with usdPerMillion; for an endpoint that costs nothing, 0 and 0.',
      { field: 'body.judge' },
    )
  const parts = wanted.parts.map(({ question, guidance, good, answeredBy }, place): Criterion => {
    const isAsked =
      (answersWanted > 0 && answeredBy.includes('human')) ||
      (judge !== null && answeredBy.includes('model')) ||
      answeredBy.includes('program')
    if (!isAsked)
      throw new AppError(
        'unprocessable',
        `Nobody is asked part ${place + 1}.`,
        'Want answers of people, or name a judge, whom the part lets answer.',
        { field: `body.parts[${place}].answeredBy` },
      )
    return { id: `part-${place + 1}`, question, guidance, scale: { kind: 'yes-no', good }, answeredBy }
  })
  const shas = parts.map(sha256Of)
  const twice = shas.findIndex((sha256, place) => shas.indexOf(sha256) < place)
  if (twice !== -1)
    throw new AppError('unprocessable', `Part ${twice + 1} is there twice.`, 'Leave one of them out.', {
      field: `body.parts[${twice}]`,
    })
  return { parts, shas }
}

/** A yes/no question of the rubric, or of what is below one. */
async function requireWhole(
  executor: Executor,
  projectId: string,
  { rubric: rubricId, criterionSha256 }: Wanted,
): Promise<void> {
  const rubric = await findRubric(executor, projectId, rubricId)
  if (rubric === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'body.rubric',
      },
    )
  const own = criteriaOf(rubricOf(rubric)).map(sha256Of)
  const standing = await standingSplits(executor, projectId)
  const below = own.flatMap((sha256) => treeOf(sha256, standing).map((node) => node.sha256))
  const whole = (await criteriaByHash(executor, projectId, [criterionSha256])).get(criterionSha256)
  if (whole === undefined || !below.includes(criterionSha256))
    throw new AppError(
      'not_found',
      'The rubric has no such question, nor any below it.',
      'Take its sha256 from the rubric, or from the parts of a split.',
      { field: 'body.criterionSha256' },
    )
  if (whole.scale.kind !== 'yes-no')
    throw new AppError(
      'unprocessable',
      'Only a question with the scale yes/no can be split.',
      'Ask it as yes/no questions.',
      { field: 'body.criterionSha256' },
    )
}

async function refuseBeyondLimits(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
  standing: Standing,
): Promise<void> {
  const reached = new Set(standing.get(criterionSha256)?.parts)
  for (const sha256 of reached) for (const part of standing.get(sha256)?.parts ?? []) reached.add(part)
  if (reached.has(criterionSha256))
    throw new AppError(
      'unprocessable',
      'A part leads back to the question itself.',
      'Split it into questions that do not need it.',
      { field: 'body.parts' },
    )
  const { depthMax, answersMax } = (await splitRulesOf(executor, projectId)) ?? SplitRules.parse({})
  for (const root of rootsOf(standing)) {
    const nodes = treeOf(root, standing)
    if (!nodes.some(({ sha256 }) => sha256 === criterionSha256)) continue
    const depth = Math.max(...nodes.map((node) => node.depth))
    if (depth > depthMax)
      throw new AppError(
        'unprocessable',
        `The questions would be ${depth} deep; the limit is ${depthMax}.`,
        'Split it less deeply, or raise the limit.',
        { field: 'body.parts' },
      )
    const answers = nodes.reduce((sum, node) => sum + node.answersWanted, 0)
    if (answers > answersMax)
      throw new AppError(
        'unprocessable',
        `One question about one episode would want ${answers} answers of people to its parts; the limit is ${answersMax}.`,
        'Want fewer answers to each part, make fewer parts, or raise the limit.',
        { field: 'body.answersWanted' },
      )
  }
}

/** With so many raters of each part as mend it, the split may be tried. */
function refuseHarm(plan: SplitPlan, { answersWanted, judge }: Wanted): void {
  if (plan.kind === 'unknown' || plan.verdict !== 'hurts') return
  const { whole, split, difference, partNeeded, ratersNeeded } = plan
  const raters = answersWanted + (judge === null ? 0 : 1)
  if (ratersNeeded !== null && raters >= ratersNeeded) return
  const percent = (share: number) => `${Math.round(100 * share)} %`
  const points = (share: number) => Math.round(100 * share)
  const mend = [
    ...(partNeeded === null
      ? []
      : [`make the parts so easy that each is answered rightly ${percent(partNeeded)} of the time`]),
    ...(ratersNeeded === null
      ? []
      : [`ask ${ratersNeeded} raters each part (enough if they err independently)`]),
  ]
  throw new AppError(
    'unprocessable',
    `Known answers show that this split would hurt: its parts together are right ${percent(split.share)} of the time (${percent(split.low)} to ${percent(split.high)}), the question as a whole ${percent(whole.share)} (${percent(whole.low)} to ${percent(whole.high)}); that is ${points(-difference.high)} to ${points(-difference.low)} points worse.`,
    `Leave it whole${mend.length === 0 ? '' : `, or ${mend.join(', or ')}`}.`,
    { field: 'body.parts' },
  )
}
