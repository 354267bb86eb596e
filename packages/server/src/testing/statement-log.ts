/**
 * What this process sends to PostgreSQL, for tests of how much work a request makes. Values are not kept; nor what is read again
 * when it is old, whoever asks for what: the queue of questions, and the count of the day.
 */
import pg from 'pg'

export type StatementLog = {
  /** What was sent since the last call, sorted: some of it is sent at once. */
  readonly take: () => readonly string[]
  readonly stop: () => void
}

const NOW_AND_THEN =
  /(open|some_asked) as materialized|^select greatest\(\(select max\(id::text\) from rater_conflicts|and true \) select count/

export function logStatements(): StatementLog {
  const sent: string[] = []
  const { prototype } = pg.Client
  const { query } = prototype
  prototype.query = function (this: pg.Client, ...values: unknown[]) {
    const [statement] = values
    const text =
      typeof statement === 'string' ? statement : (statement as { readonly text?: string } | undefined)?.text
    const words = text?.replaceAll(/\s+/g, ' ').trim()
    if (words !== undefined && !NOW_AND_THEN.test(words)) sent.push(words)
    return Reflect.apply(query, this, values)
  } as typeof query
  return {
    take: () => sent.splice(0).sort(),
    stop: () => {
      prototype.query = query
    },
  }
}
