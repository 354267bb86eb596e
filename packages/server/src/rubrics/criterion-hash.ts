import { hash } from 'node:crypto'
import type { Json } from '@leeway/core/episodes/episode'
import type { Criterion, Rubric } from '@leeway/core/rubrics/rubric'
import { canonicalJson } from '../episodes/canonical-json.ts'

/**
 * SHA-256 (hex) of what a criterion asks: question, scale, guidance and who may answer. Its id, weight and place in
 * the tree are left out, so that ratings stay with a question that moves.
 */
export function criterionSha256({ question, scale, guidance, answeredBy }: Criterion): string {
  // Who may answer is a set: the order in which it was written means nothing.
  const asked = { question, scale, guidance, answeredBy: [...new Set(answeredBy)].sort() }
  return hash('sha256', canonicalJson(asked as Json))
}

/** SHA-256 (hex) of the whole definition. */
export function rubricSha256(rubric: Rubric): string {
  return hash('sha256', canonicalJson(rubric as unknown as Json))
}
