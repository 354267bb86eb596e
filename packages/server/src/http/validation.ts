/** What a request failed to be, said so that its sender can mend it: the field's path and what was expected there. */
import { AppError } from './app-error.ts'

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string; readonly code?: string }
type Result = {
  readonly target: string
  readonly success: boolean
  readonly error?: { readonly issues: readonly Issue[] }
}

/** Further issues named in the detail; more would not be read. */
const ISSUES_SHOWN = 5

/** `defaultHook` of every router. */
export function refuseInvalid(result: Result): void {
  if (result.success || result.error === undefined) return
  const place = result.target === 'json' ? 'body' : result.target
  const shown = result.error.issues.slice(0, ISSUES_SHOWN).map((issue) => {
    const field = fieldPath(place, issue.path)
    return { field, text: `${field}: ${issue.message}` }
  })
  const more = result.error.issues.length - shown.length
  throw new AppError(
    'bad_request',
    `${shown.map(({ text }) => text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    'Change the named field. GET /api/openapi.json describes every request.',
    shown[0] === undefined ? {} : { field: shown[0].field },
  )
}

/** `body.rules[2].path` */
function fieldPath(place: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    place,
  )
}
