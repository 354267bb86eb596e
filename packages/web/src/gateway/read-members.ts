import type { SetServing } from '@leeway/contract/gateway'
import type { z } from 'zod'

type Set = NonNullable<z.input<typeof SetServing>['set']>

type Members =
  | { readonly kind: 'read'; readonly members: Set }
  | { readonly kind: 'wrong'; readonly problem: string }

/** Members of a request as somebody types them: a JSON object, or nothing. */
export function readMembers(text: string): Members {
  if (text.trim() === '') return { kind: 'read', members: {} }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { kind: 'read', members: value as Set }
    return { kind: 'wrong', problem: 'This is no object: put the members in { and }.' }
  } catch {
    return { kind: 'wrong', problem: 'This is no JSON yet: names and words stand in double quotes.' }
  }
}
