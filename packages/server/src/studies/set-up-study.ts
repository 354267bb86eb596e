/** Fixes a study: its items with what is known of them, its arms, its size and its seed. Nothing of it changes afterwards. */
import { hash } from 'node:crypto'
import type { SetUpStudy, StudyArm } from '@leeway/contract/studies'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import type { z } from 'zod'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import { claimsAbout } from '../critiques/claims-about.ts'
import { recordedDebates } from '../debates/recorded-debates.ts'
import { canonicalJson } from '../episodes/canonical-json.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { type ShownPart, shownParts } from '../splits/shown-parts.ts'
import { standingSplitOf } from '../splits/stored-splits.ts'
import { isRetired } from '../vetting/retired.ts'
import { studies, studyItems } from './tables.ts'

type Wanted = z.output<typeof SetUpStudy>
type Item = Omit<typeof studyItems.$inferInsert, 'projectId' | 'studyId' | 'parts'> & {
  readonly parts: readonly ShownPart[]
}

/** With fewer, no interval by item can be told. */
const ITEMS_MIN = 5
const ITEMS_MAX = 2_000

export async function setUpStudy(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: Wanted,
): Promise<string> {
  if (new Set(wanted.arms).size < wanted.arms.length)
    throw new AppError('unprocessable', 'An arm is named twice.', 'Name each once, the control first.', {
      field: 'body.arms',
    })
  const criterion = await requireYesNo(effects, projectId, wanted)
  const sha256OfQuestion = criterionSha256(criterion)
  const items = await itemsFor(effects, projectId, sha256OfQuestion, wanted.arms)
  const { name, question, rubric, arms, raters, itemsPerRater, consent, expected } = wanted
  // Those who take part are told its id.
  const id = v4({ random: effects.randomBytes(16) })
  const seed = Buffer.from(effects.randomBytes(32)).toString('hex')
  const at = effects.now()
  const sha256 = hash(
    'sha256',
    canonicalJson([
      { name, question, criterion: sha256OfQuestion, arms, raters, itemsPerRater, consent, expected },
      items.map(({ episodeId, known, debateId, consultancyId, claims, parts }) => ({
        episodeId,
        known,
        debateId: debateId ?? null,
        consultancyId: consultancyId ?? null,
        claims,
        parts,
      })),
      hash('sha256', seed),
    ] as never),
  )
  await effects.db.transaction(async (tx) => {
    await tx.insert(studies).values({
      projectId,
      id,
      name,
      question,
      rubricId: rubric,
      criterionSha256: sha256OfQuestion,
      arms,
      raters,
      itemsPerRater,
      consent,
      expected,
      sha256,
      seed,
      actor,
      at,
    })
    await tx.insert(studyItems).values(items.map((item) => ({ projectId, studyId: id, ...item })))
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'study.set_up',
      body: { study: id, sha256, arms, raters, itemsPerRater, items: items.length },
    })
  })
  return id
}

async function requireYesNo(effects: Effects, projectId: string, wanted: Wanted): Promise<Criterion> {
  const rubric = await findRubric(effects.db, projectId, wanted.rubric)
  const found =
    rubric === undefined ? undefined : criteriaOf(rubricOf(rubric)).find(({ id }) => id === wanted.criterion)
  if (found === undefined)
    throw new AppError(
      'not_found',
      rubric === undefined
        ? 'There is no such rubric in this project.'
        : `The rubric has no question "${wanted.criterion}".`,
      'Name a rubric, and a leaf of it by its id.',
      { field: rubric === undefined ? 'body.rubric' : 'body.criterion' },
    )
  if (found.scale.kind === 'yes-no') return found
  throw new AppError(
    'unprocessable',
    'A study needs a question with the scale yes/no: then an answer is right or wrong.',
    'Choose another question.',
    { field: 'body.criterion' },
  )
}

/** Episodes with a known answer that may be told and with what each arm shows. */
async function itemsFor(
  { db }: Effects,
  projectId: string,
  sha256: string,
  arms: readonly StudyArm[],
): Promise<readonly Item[]> {
  const { rows } = await db.execute<{ episode_id: string; value: string }>(sql`
    select gold.episode_id, gold.value from gold_answers gold
    where gold.project_id = ${projectId} and gold.criterion_sha256 = ${sha256} and gold.part = 'fit'
      and not ${isRetired(projectId, { episodeId: sql`gold.episode_id`, sha256 })}
      and exists (select 1 from episode_chunks where episode_chunks.project_id = gold.project_id
        and episode_chunks.episode_id = gold.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})
    order by gold.episode_id limit ${ITEMS_MAX}`)
  const recorded = await recordedDebates(db, projectId, sha256)
  const split = arms.includes('decomposition') ? await standingSplitOf(db, projectId, sha256) : undefined
  const items: Item[] = []
  for (const { episode_id: episodeId, value: known } of rows) {
    const claims = arms.includes('critique')
      ? (await claimsAbout(db, { projectId, episodeId, criterionSha256: sha256 })).map(
          ({ text, severity, step, quote }) => ({ text, severity, step, quote }),
        )
      : []
    const of = recorded.get(episodeId)
    const debateId = arms.includes('debate') ? (of?.debate ?? null) : null
    const consultancyId = arms.includes('consultancy') ? (of?.consultancy ?? null) : null
    const parts =
      split === undefined
        ? []
        : await shownParts(
            db,
            { projectId, episodeId, parts: split.parts, raterId: null },
            // By chance, and the same for whoever takes part.
            (ratingId) => keyedDraw(episodeId, ratingId),
          )
    const lacks =
      (arms.includes('critique') && claims.length === 0) ||
      (arms.includes('decomposition') && !isWhole(parts)) ||
      (arms.includes('debate') && debateId === null) ||
      (arms.includes('consultancy') && consultancyId === null)
    if (!lacks) items.push({ episodeId, known, debateId, consultancyId, claims, parts })
  }
  if (items.length >= ITEMS_MIN) return items
  throw new AppError(
    'unprocessable',
    `${rows.length} answers to this question are known and may be used here; ${items.length} of those episodes have what every arm shows. At least ${ITEMS_MIN} are needed.`,
    whatIsNeeded(arms),
    { field: 'body.arms' },
  )
}

/** Somebody has answered every part. */
const isWhole = (parts: readonly ShownPart[]) =>
  parts.length > 0 && parts.every(({ answers }) => answers.length > 0)

function whatIsNeeded(arms: readonly StudyArm[]): string {
  const needs = [
    'Record more known answers (half of them are kept for measuring the check)',
    ...(arms.includes('critique') ? ['have a judge answer those episodes, which writes claims'] : []),
    ...(arms.includes('decomposition')
      ? ['split the question, and have every part answered about those episodes']
      : []),
    ...(arms.includes('debate') ? ['hold a debate about each'] : []),
    ...(arms.includes('consultancy') ? ['hold a consultancy about each'] : []),
  ]
  return `${needs.join('; ')}.`
}
