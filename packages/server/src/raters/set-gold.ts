/** Records the known answer to a question on an episode. Which half it belongs to is drawn by hash, so that nobody chooses. */
import { goldPart } from '@leeway/core/inference/gold-part'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { optionsOf } from '@leeway/core/rubrics/scale'
import { and, eq } from 'drizzle-orm'
import { goldAnswers } from '../assignments/tables.ts'
import type { Transaction } from '../db/connect.ts'
import { episodes } from '../episodes/tables.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criteria } from '../rubrics/tables.ts'

/** Half measures the check: the bound of its error is what a release by criterion waits for. */
const MEASURE_SHARE = 0.5

type Wanted = {
  readonly projectId: string
  readonly episode: string
  readonly criterionSha256: string
  readonly value: string
  readonly explanation: string
  readonly actor: string
}

export async function setGold(effects: Effects, wanted: Wanted): Promise<'fit' | 'measure'> {
  return effects.db.transaction((tx) => recordGold(tx, effects, wanted))
}

/** The same in the caller's transaction. */
export async function recordGold(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'ledgerSigner'>,
  { projectId, episode, criterionSha256, value, explanation, actor }: Wanted,
): Promise<'fit' | 'measure'> {
  const [criterion] = await tx
    .select()
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, criterionSha256)))
  if (!criterion)
    throw new AppError(
      'not_found',
      'There is no such question in this project.',
      'Take its sha256 from the rubric.',
      {
        field: 'criterionSha256',
      },
    )
  const options = optionsOf((criterion.definition as Criterion).scale)
  if (options === null || !options.includes(value))
    throw new AppError(
      'unprocessable',
      options === null ? 'A number has no known answer here.' : `"${value}" is no answer to this question.`,
      options === null ? 'Take a question with options.' : `Write one of: ${options.join(', ')}.`,
      { field: 'value' },
    )
  const [found] = await tx
    .select({ id: episodes.id })
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), eq(episodes.id, episode)))
  if (!found)
    throw new AppError(
      'not_found',
      'There is no such episode in this project.',
      'List the episodes to find it.',
      {
        field: 'episode',
      },
    )
  const part = goldPart(`${projectId}:${episode}:${criterionSha256}`, 0, MEASURE_SHARE)
  const at = effects.now()
  const added = await tx
    .insert(goldAnswers)
    .values({ projectId, episodeId: episode, criterionSha256, value, explanation, part, actor, at })
    .onConflictDoNothing()
    .returning({ value: goldAnswers.value })
  if (added.length === 0) {
    const [known] = await tx
      .select({ value: goldAnswers.value })
      .from(goldAnswers)
      .where(
        and(
          eq(goldAnswers.projectId, projectId),
          eq(goldAnswers.episodeId, episode),
          eq(goldAnswers.criterionSha256, criterionSha256),
        ),
      )
    if (known?.value !== value)
      throw new AppError(
        'conflict',
        'Another answer is known for this question on this episode.',
        'A known answer is never changed: decisions rest on it. Ask the question in new words.',
      )
    return part
  }
  // The answer itself stays out of the ledger: auditors export it, and gold must stay hidden from raters.
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor,
    action: 'gold.set',
    body: { episode, criterionSha256 },
  })
  return part
}
