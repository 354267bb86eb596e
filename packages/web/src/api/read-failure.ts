/** What went wrong, in the two sentences a person needs. Understands the API's problems and the network's silence. */
import { Problem } from '@leeway/contract/problem'

export type Failure = {
  readonly code: Problem['code'] | 'unreachable' | 'unexpected'
  /** What happened, where. */
  readonly detail: string
  /** How to mend it; '' when nobody knows. */
  readonly hint: string
  readonly field: string | undefined
}

export function readFailure(error: unknown): Failure {
  const problem = problemOf(error)
  if (problem !== undefined) {
    return { code: problem.code, detail: problem.detail, hint: problem.hint, field: problem.field }
  }
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return {
      code: 'unreachable',
      detail: 'The server does not answer.',
      hint: 'Check that it is still running (npm start prints its address), then try again.',
      field: undefined,
    }
  }
  return {
    code: 'unexpected',
    detail: error instanceof Error && error.message !== '' ? error.message : 'Something unexpected happened.',
    hint: 'Load the page again. If it happens again, the server’s log has the details.',
    field: undefined,
  }
}

/** The client's errors carry the problem; a bare problem is understood too. */
function problemOf(error: unknown): Problem | undefined {
  const candidates = [
    error,
    typeof error === 'object' && error !== null && 'problem' in error ? error.problem : null,
  ]
  for (const candidate of candidates) {
    const parsed = Problem.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return undefined
}
