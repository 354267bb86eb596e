/**
 * In which words a question was put, version by version. Rubrics are never edited and hashing them all at every question would
 * take longer each time one is saved, so what was read of a project is kept until it has another version.
 */
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { asc, eq, sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { criterionSha256 } from './criterion-hash.ts'
import { rubricOf } from './stored-rubrics.ts'
import { rubrics } from './tables.ts'

type Wording = {
  readonly sha256: string
  /** Of the rubric: the one that brought these words. */
  readonly version: number
  readonly since: Date
}
/** Of a question, oldest first, by the hash of each of its wordings. */
export type Wordings = ReadonlyMap<string, readonly Wording[]>
type Read = { readonly versions: number; readonly wordings: Wordings }

const readBefore = new WeakMap<Database, Map<string, Read>>()

/**
 * By the hash of its words every wording of a question that is, or once was, asked in them; none where no rubric holds them. Where
 * several rubrics ask it, the history in the one that took these words up last: whose episode it is asked of changes nothing.
 */
export async function wordingsIn(db: Database, projectId: string): Promise<Wordings> {
  const [row] = await executePrepared<{ versions: number }>(
    db,
    'rubric_versions',
    sql`select count(*)::int as versions from rubrics where project_id = ${projectId}`,
  )
  const versions = row?.versions ?? 0
  const projects = readBefore.get(db) ?? new Map<string, Read>()
  readBefore.set(db, projects)
  const before = projects.get(projectId)
  if (before?.versions === versions) return before.wordings
  const wordings = await readWordings(db, projectId)
  projects.set(projectId, { versions, wordings })
  return wordings
}

async function readWordings(db: Database, projectId: string): Promise<Wordings> {
  const rows = await db
    .select()
    .from(rubrics)
    .where(eq(rubrics.projectId, projectId))
    .orderBy(asc(rubrics.version))
  const questions = new Map<string, Wording[]>()
  for (const row of rows)
    for (const criterion of criteriaOf(rubricOf(row))) {
      const place = `${row.agentId} ${row.name} ${criterion.id}`
      const own = questions.get(place) ?? []
      questions.set(place, own)
      const sha256 = criterionSha256(criterion)
      if (own.at(-1)?.sha256 !== sha256) own.push({ sha256, version: row.version, since: row.createdAt })
    }
  const found = new Map<string, readonly Wording[]>()
  for (const own of questions.values())
    for (const { sha256 } of own) {
      const other = found.get(sha256)
      if (other === undefined || takenUp(other, sha256) < takenUp(own, sha256)) found.set(sha256, own)
    }
  return found
}

/** When a question was last put into these words. */
const takenUp = (wordings: readonly Wording[], sha256: string) =>
  wordings.findLast((one) => one.sha256 === sha256)?.since.getTime() ?? 0
