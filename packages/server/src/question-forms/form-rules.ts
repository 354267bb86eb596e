/** Statements on `question_form_rules`, and setting them. */
import type { SetFormRule } from '@leeway/contract/question-forms'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { optionsOf } from '@leeway/core/rubrics/scale'
import { and, desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criteria } from '../rubrics/tables.ts'
import { questionFormRules } from './tables.ts'

export type FormRule = typeof questionFormRules.$inferSelect

/** Null: the question is always put in the form "find". */
export async function formRuleOf(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<FormRule | null> {
  const [row] = await executor
    .select()
    .from(questionFormRules)
    .where(
      and(eq(questionFormRules.projectId, projectId), eq(questionFormRules.criterionSha256, criterionSha256)),
    )
    .orderBy(desc(questionFormRules.id))
    .limit(1)
  return row ?? null
}

/** Of every question that ever had one, the newest. */
export async function formRules(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<string, FormRule>> {
  const rows = await executor
    .selectDistinctOn([questionFormRules.criterionSha256])
    .from(questionFormRules)
    .where(eq(questionFormRules.projectId, projectId))
    .orderBy(questionFormRules.criterionSha256, desc(questionFormRules.id))
  return new Map(rows.map((row) => [row.criterionSha256, row]))
}

export async function setFormRule(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetFormRule>,
): Promise<void> {
  const { criterionSha256, share, knownShare, plantedShare } = wanted
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    await requireChoice(tx, projectId, criterionSha256)
    const before = await formRuleOf(tx, projectId, criterionSha256)
    // With the same seed, what was drawn for a question stays drawn.
    const seed = before?.seed ?? Buffer.from(effects.randomBytes(32)).toString('hex')
    const shares = { share, knownShare, plantedShare }
    await tx
      .insert(questionFormRules)
      .values({ projectId, criterionSha256, id: effects.newId(), ...shares, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'question-forms.rule_set',
      body: { criterionSha256, ...shares },
    })
  })
}

async function requireChoice(executor: Executor, projectId: string, sha256: string): Promise<void> {
  const [row] = await executor
    .select({ definition: criteria.definition })
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, sha256)))
  const field = 'body.criterionSha256'
  if (row === undefined)
    throw new AppError(
      'not_found',
      'There is no such question in this project.',
      'Take its sha256 from the rubric.',
      { field },
    )
  const { answeredBy, scale } = row.definition as Criterion
  if (answeredBy.includes('human') && scale.kind !== 'pairwise' && optionsOf(scale) !== null) return
  throw new AppError(
    'unprocessable',
    answeredBy.includes('human')
      ? 'An answer to this question cannot be checked: it has no answers to choose from, or compares two episodes.'
      : 'No person may answer this question.',
    'Take a question to people that has answers to choose from.',
    { field },
  )
}
