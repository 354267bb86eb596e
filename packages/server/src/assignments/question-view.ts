/** A question as its rater sees it, built field by field: the same for gold, audits and chosen ones. */
import type { StepIndex } from '@leeway/contract/episodes'
import type { CommittedAnswer, Guidelines, ReviewQuestion } from '@leeway/contract/review'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import type { Database } from '../db/connect.ts'
import { showStepIndex } from '../episodes/episode-views.ts'
import { scaleView } from '../rubrics/scale-view.ts'
import { wordingsIn } from '../rubrics/wordings.ts'
import type { Asked } from './find-asked.ts'
import { guidelinesOf, lastRating } from './guidelines.ts'
import type { Reviewer } from './rater-of.ts'

const SUGGESTED_MAX = 20

export async function questionViews(
  db: Database,
  rater: Pick<Reviewer, 'projectId' | 'raterId'>,
  asked: readonly Asked[],
): Promise<readonly ReviewQuestion[]> {
  const [first] = asked
  if (first === undefined) return []
  // All are of one episode.
  const index = await showStepIndex(db, rater.projectId, first.episodeId)
  const wordings = await wordingsIn(db, rater.projectId)
  return Promise.all(
    asked.map(async (one) =>
      questionView(
        one,
        index,
        await guidelinesOf(db, rater, one.criterionSha256, wordings, lastRating(db, rater)),
      ),
    ),
  )
}

function questionView(asked: Asked, index: StepIndex | null, guidelines: Guidelines): ReviewQuestion {
  const { criterion, own } = asked
  return {
    assignmentId: asked.assignmentId,
    episodeId: asked.episodeId,
    question: criterion.question,
    scale: scaleView(criterion.scale),
    guidance: criterion.guidance,
    proposed: asked.proposed,
    guidanceVersion: asked.criterionSha256.slice(0, 12),
    guidelines,
    mine:
      own === null || own.kind === 'withdrawn'
        ? null
        : {
            ratingId: own.id,
            answer: committedAnswer(own),
            probability: own.probability,
            comment: own.comment,
            evidence: [...own.evidence],
            flagged: own.flagged,
          },
    suggestedSteps: index === null ? [] : suggestedSteps(criterion, index),
  }
}

/** Of a row that is not withdrawn. */
export function committedAnswer(row: {
  readonly kind: string
  readonly value: unknown
  readonly reason: string | null
}): CommittedAnswer {
  if (row.kind === 'answered') return { kind: 'answered', value: row.value as string | number }
  if (row.kind === 'not-applicable') return { kind: 'not-applicable' }
  return {
    kind: 'abstained',
    reason: row.reason as Extract<CommittedAnswer, { kind: 'abstained' }>['reason'],
  }
}

/** Calls of the tools that question or guidance name, by the first and the last ones when there are many. */
function suggestedSteps({ question, guidance }: Criterion, index: StepIndex): number[] {
  const text = ` ${question} ${guidance} `.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
  const named = index.names.map((name) => {
    const words = name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
    return words !== '' && text.includes(` ${words} `)
  })
  if (!named.includes(true)) return []
  const steps = index.kind.flatMap((kind, step) => {
    const name = index.name[step]
    return kind === 'tool_call' && typeof name === 'number' && named[name] === true ? [step] : []
  })
  const half = SUGGESTED_MAX / 2
  return steps.length <= SUGGESTED_MAX ? steps : [...steps.slice(0, half), ...steps.slice(-half)]
}
