/** What is wrong with one record, in words a person can act on. The place (file, line, index) is added by the reader. */
export type RecordProblem = {
  /** Path of the field inside the record, such as `reward` or `messages[3].role`; null when it is the whole record. */
  readonly field: string | null
  /** What is wrong. */
  readonly reason: string
  /** What would have been right. */
  readonly expected: string
  /** What a person can do about it. */
  readonly fix: string
}

export type Refused = { readonly ok: false; readonly problem: RecordProblem }

export function refused(problem: RecordProblem): Refused {
  return { ok: false, problem }
}
