/** What a release takes for true: a trusted outcome, or the answers of trusted raters to one criterion. */
import type { Json } from '@leeway/core/episodes/episode'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'

export type CriterionTruth = {
  readonly kind: 'criterion'
  readonly rubricId: string
  readonly criterionId: string
  readonly criterionSha256: string
  readonly question: string
  /** The answer that is no failure. */
  readonly good: 'yes' | 'no'
  /**
   * 'shared': bounded by gold. 'differential': experts look again at a random share of both arms. 'none': taken at their
   * word, and then nothing acts.
   */
  readonly labelError: 'shared' | 'differential' | 'none'
  /** Only with 'differential': probability that a labelled unit gets a second look, whatever its label. */
  readonly secondLookShare?: number
  /** Probability that a unit is put to people; the others speak through what programs and models expect of them. */
  readonly auditShare: number
  /**
   * 'allocation': pairs that tell more for the minutes they take are likelier, and `auditShare` is what all of them take, as a
   * share of looking at every one. Absent: every unit alike.
   */
  readonly auditsBy?: 'allocation'
  /** Tools whose calls matter. Pairs that do the same with them count as no difference; empty: no pair does. */
  readonly consequentialTools: readonly string[]
}
export type Truth = { readonly kind: 'outcome' } | CriterionTruth

/** What a person asks for, checked against the rubric and frozen with the release. */
export async function resolveTruth(
  executor: Executor,
  projectId: string,
  agentId: string,
  wanted:
    | { readonly kind: 'outcome' }
    | {
        readonly kind: 'criterion'
        readonly rubric: string
        readonly criterion?: string | undefined
        readonly labelError: CriterionTruth['labelError']
        readonly secondLookShare: number
        readonly auditShare: number
        readonly auditsBy: 'share' | 'allocation'
        readonly consequentialTools: readonly string[]
      },
): Promise<Truth> {
  if (wanted.kind === 'outcome') return wanted
  const row = await findRubric(executor, projectId, wanted.rubric)
  if (row === undefined || row.agentId !== agentId)
    throw new AppError('not_found', 'The agent has no such rubric.', 'List the rubrics of the agent.', {
      field: 'truth.rubric',
    })
  const rubric = rubricOf(row)
  const root = rubric.root.criterion
  const criterion =
    wanted.criterion === undefined ? root : criteriaOf(rubric).find(({ id }) => id === wanted.criterion)
  if (!criterion)
    throw new AppError(
      'unprocessable',
      wanted.criterion === undefined
        ? 'The root of the rubric has no question of its own.'
        : `The rubric has no question "${wanted.criterion}".`,
      `Name one of: ${criteriaOf(rubric)
        .map(({ id }) => id)
        .slice(0, 20)
        .join(', ')}.`,
      { field: 'truth.criterion' },
    )
  if (criterion.scale.kind !== 'yes-no')
    throw new AppError(
      'unprocessable',
      `"${criterion.id}" is not a yes/no question.`,
      'A gate needs to know what failed. Take a yes/no question, such as the root of the rubric.',
      { field: 'truth.criterion' },
    )
  if (!criterion.answeredBy.includes('human'))
    throw new AppError(
      'unprocessable',
      `No person may answer "${criterion.id}".`,
      'Programs and models only predict the truth. Add human to answeredBy, or take another question.',
      { field: 'truth.criterion' },
    )
  return {
    kind: 'criterion',
    rubricId: row.id,
    criterionId: criterion.id,
    criterionSha256: criterionSha256(criterion),
    question: criterion.question,
    good: criterion.scale.good,
    labelError: wanted.labelError,
    ...(wanted.labelError === 'differential' ? { secondLookShare: wanted.secondLookShare } : {}),
    auditShare: wanted.auditShare,
    ...(wanted.auditsBy === 'allocation' ? { auditsBy: wanted.auditsBy } : {}),
    consequentialTools: wanted.consequentialTools,
  }
}

/** Written by `resolveTruth`; rows are never changed. */
export function truthOf(release: { readonly truth: unknown }): Truth {
  return release.truth as Truth
}

/** What the ledger says of it: hashes, no text. */
export function truthRecord(truth: Truth): Json {
  if (truth.kind === 'outcome') return 'outcome'
  const { rubricId, criterionId, criterionSha256: sha256, labelError, secondLookShare } = truth
  const { auditShare, auditsBy, consequentialTools } = truth
  return {
    criterion: criterionId,
    criterionSha256: sha256,
    rubric: rubricId,
    labelError,
    ...(secondLookShare === undefined ? {} : { secondLookShare }),
    auditShare,
    ...(auditsBy === undefined ? {} : { auditsBy }),
    consequentialTools,
  }
}

export function describeTruth(truth: Truth): string {
  if (truth.kind === 'outcome') return 'trusted outcome of the environment'
  const error = errorWords(truth)
  return `answers of trusted raters to “${truth.question}”${shareWords(truth)}, ${error}`
}

function shareWords({ auditShare, auditsBy }: CriterionTruth): string {
  if (auditShare === 1) return ''
  const share = `${Math.round(auditShare * 100)} % of the units`
  return auditsBy === undefined ? ` on ${share}` : ` on those that tell most, for the minutes of ${share}`
}

function errorWords({ labelError, secondLookShare }: CriterionTruth): string {
  if (labelError === 'shared') return 'their error bounded by gold'
  if (labelError === 'differential')
    return `experts look again at ${Math.round((secondLookShare ?? 0) * 100)} % of them`
  return 'taken at their word, so nothing acts on them'
}

/** Releases that ask the same of the same pair of policies share one e-process. */
export function sameTruth(a: Truth, b: Truth): boolean {
  return a.kind === 'criterion' && b.kind === 'criterion'
    ? a.criterionSha256 === b.criterionSha256 && a.labelError === b.labelError
    : a.kind === b.kind
}
