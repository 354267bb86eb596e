/** What a schema of a call's arguments says, member by member, as far as it has words; the schema itself stands beside. */
import type { Json } from '@leeway/core/episodes/episode'

export type ArgumentTerms = { readonly name: string; readonly words: string }

/** Null where the schema says more than members with ranges do, so that words alone would mislead. */
export function argumentTerms(schema: Json): readonly ArgumentTerms[] | null {
  const own = fieldsOf(schema)
  if (own === null || Object.keys(own).some((name) => !KNOWN.has(name))) return null
  const required = Array.isArray(own.required) ? own.required : []
  const members = Object.entries(fieldsOf(own.properties) ?? {}).map(([name, member]) => ({
    name,
    words: [memberWords(fieldsOf(member) ?? {}), ...(required.includes(name) ? ['needed'] : [])].join(', '),
  }))
  const unnamed = required
    .filter((name) => typeof name === 'string' && !members.some((one) => one.name === name))
    .map((name) => ({ name: String(name), words: 'anything, needed' }))
  const others = own.additionalProperties === false ? [{ name: 'others', words: 'not allowed' }] : []
  return [...members, ...unnamed, ...others]
}

const KNOWN: ReadonlySet<string> = new Set(['type', 'properties', 'required', 'additionalProperties'])

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

type Fields = Readonly<Record<string, Json>>

function memberWords(member: Fields): string {
  if (Array.isArray(member.enum)) return `one of ${member.enum.map((one) => JSON.stringify(one)).join(', ')}`
  if (member.const !== undefined) return `always ${JSON.stringify(member.const)}`
  const type = typeof member.type === 'string' ? (TYPE_WORDS[member.type] ?? member.type) : 'anything'
  const { type: _, ...limits } = member
  // Objects come back from the database in another order.
  const ordered = [...Object.keys(LIMIT_WORDS), ...Object.keys(limits)].filter((name) => name in limits)
  const parts = [...new Set(ordered)].map(
    (name) => `${LIMIT_WORDS[name] ?? name} ${JSON.stringify(limits[name])}${UNIT_WORDS[name] ?? ''}`,
  )
  return [type, ...parts].join(', ')
}

const LIMIT_WORDS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  exclusiveMinimum: 'above',
  maximum: 'at most',
  exclusiveMaximum: 'below',
  multipleOf: 'in steps of',
  minLength: 'at least',
  maxLength: 'at most',
  minItems: 'at least',
  maxItems: 'at most',
}
const UNIT_WORDS: Readonly<Record<string, string>> = {
  minLength: ' characters',
  maxLength: ' characters',
  minItems: ' entries',
  maxItems: ' entries',
}

function fieldsOf(value: Json | undefined): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}
