/** A question as its rater sees it, built field by field: the same for gold, audits and chosen ones. */
import type { StepIndex } from '@leeway/contract/episodes'
import type { CommittedAnswer, ReviewQuestion } from '@leeway/contract/review'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { showStepIndex } from '../episodes/episode-views.ts'
import type { Asked } from './find-asked.ts'

const SUGGESTED_MAX = 20

export async function questionViews(
  executor: Executor,
  projectId: string,
  asked: readonly Asked[],
): Promise<readonly ReviewQuestion[]> {
  const [first] = asked
  if (first === undefined) return []
  // All are of one episode.
  const index = await showStepIndex(executor, projectId, first.episodeId)
  return asked.map((one) => questionView(one, index))
}

function questionView(asked: Asked, index: StepIndex | null): ReviewQuestion {
  const { criterion, own } = asked
  return {
    assignmentId: asked.assignmentId,
    episodeId: asked.episodeId,
    question: criterion.question,
    scale:
      criterion.scale.kind === 'ordinal'
        ? { kind: 'ordinal', levels: [...criterion.scale.levels] }
        : criterion.scale,
    guidance: criterion.guidance,
    proposed: asked.proposed,
    guidanceVersion: asked.criterionSha256.slice(0, 12),
    mine:
      own === null || own.kind === 'withdrawn'
        ? null
        : { ratingId: own.id, answer: committedAnswer(own), comment: own.comment, flagged: own.flagged },
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
