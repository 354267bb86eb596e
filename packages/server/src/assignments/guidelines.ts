/**
 * By which version of a question its rater answers, and what it said when the rater answered it last. From the words of the
 * question and the rater's own answers alone: what a question is for changes nothing here.
 */
import type { Guidelines } from '@leeway/contract/review'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, desc, eq, inArray, ne } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { ratings } from '../ratings/tables.ts'
import { scaleView } from '../rubrics/scale-view.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import type { Wordings } from '../rubrics/wordings.ts'

type RaterId = { readonly projectId: string; readonly raterId: string }
/** The rater's newest answer to a question in one of these wordings. */
type LastAnswered = (
  sha256s: readonly string[],
) => Promise<{ readonly sha256: string; readonly at: Date } | undefined>

export async function guidelinesOf(
  db: Database,
  { projectId }: Pick<RaterId, 'projectId'>,
  sha256: string,
  /** Of the project (`wordingsIn`). */
  all: Wordings,
  lastAnswered: LastAnswered,
): Promise<Guidelines> {
  const wordings = all.get(sha256) ?? []
  const now = wordings.findLast((one) => one.sha256 === sha256)
  const view = { version: now?.version ?? null, since: now?.since.toISOString() ?? null }
  const hashes = [...new Set(wordings.map((one) => one.sha256))]
  // Most questions were never put otherwise.
  const last = hashes.length < 2 ? undefined : await lastAnswered(hashes)
  if (last === undefined || last.sha256 === sha256) return { ...view, before: null }
  const criteria = await criteriaByHash(db, projectId, [last.sha256, sha256])
  const [words, present] = [criteria.get(last.sha256), criteria.get(sha256)]
  const version = wordings.findLast((one) => one.sha256 === last.sha256)?.version
  if (words === undefined || present === undefined || version === undefined || looksAlike(words, present))
    return { ...view, before: null }
  return { ...view, before: { version, ...wordsOf(words), answeredAt: last.at.toISOString() } }
}

/** Answers and skips alike: both were given under what the question said then. */
export function lastRating(db: Database, { projectId, raterId }: RaterId): LastAnswered {
  return async (sha256s) => {
    const [row] = await db
      .select({ sha256: ratings.criterionSha256, at: ratings.committedAt })
      .from(ratings)
      .where(
        and(
          eq(ratings.projectId, projectId),
          eq(ratings.raterId, raterId),
          inArray(ratings.criterionSha256, [...sha256s]),
          ne(ratings.kind, 'withdrawn'),
        ),
      )
      .orderBy(desc(ratings.id))
      .limit(1)
    return row
  }
}

function wordsOf({ question, guidance, scale }: Criterion) {
  return { question, guidance, scale: scaleView(scale) }
}

/** To whom answers: which answer speaks for the agent, and who else may answer, is told to nobody who does. */
function looksAlike(one: Criterion, other: Criterion): boolean {
  const seen = ({ question, guidance, scale }: Criterion) =>
    JSON.stringify([question, guidance, scale.kind === 'yes-no' ? null : scale])
  return seen(one) === seen(other)
}
