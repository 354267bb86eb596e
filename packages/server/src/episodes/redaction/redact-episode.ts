import { createHmac } from 'node:crypto'
import type { Episode, Json, Step } from '@leeway/core/episodes/episode'
import type { FieldPath, FieldRoot, FieldSegment } from './field-path.ts'

export type CompiledRule = { readonly label: string } & (
  | { readonly kind: 'field'; readonly path: FieldPath }
  | { readonly kind: 'pattern'; readonly expression: RegExp }
)

/** One removal. `rule` is the position of the rule; `found` is what was there: never write it anywhere. */
export type Removal = { readonly rule: number; readonly path: string; readonly found: string }

/** Copies only what changes. Field rules go first, then patterns over what is left. */
export function redactEpisode(
  episode: Episode,
  rules: readonly CompiledRule[],
  projectId: string,
  onRemoval: (removal: Removal) => void,
): Episode {
  const fields = rules.flatMap((rule, index) => (rule.kind === 'field' ? [{ ...rule, index }] : []))
  const patterns = rules.flatMap((rule, index) => (rule.kind === 'pattern' ? [{ ...rule, index }] : []))
  const trail: (string | number)[] = []

  function at<Value>(name: string | number, inner: () => Value): Value {
    trail.push(name)
    const value = inner()
    trail.pop()
    return value
  }

  function removed(rule: number, found: string): void {
    onRemoval({ rule, path: pathOf(trail), found })
  }

  function place<Value extends Json>(root: FieldRoot, value: Value, step: number | null = null): Value {
    let left: Json = value
    for (const { index, label, path } of fields) {
      if (path.root !== root || (path.step !== null && path.step !== step)) continue
      left = removeAt(left, path.inside, 0, index, `[redacted:${label}]`)
    }
    return patterns.length === 0 ? (left as Value) : (walk(left) as Value)
  }

  function removeAt(
    value: Json,
    path: readonly FieldSegment[],
    from: number,
    rule: number,
    mark: string,
  ): Json {
    const segment = path[from]
    if (segment === undefined) {
      if (value === null || value === mark) return value
      removed(rule, typeof value === 'string' ? value : JSON.stringify(value))
      return mark
    }
    if (segment.kind === 'anyDepth') {
      const here = removeAt(value, path, from + 1, rule, mark)
      return children(here, (child) => removeAt(child, path, from, rule, mark))
    }
    return children(value, (child, name) => {
      const meant =
        segment.kind === 'any' || (segment.kind === 'key' ? name === segment.key : name === segment.position)
      return meant ? removeAt(child, path, from + 1, rule, mark) : child
    })
  }

  /** The value with each child replaced; the very same value when no child changed. */
  function children(value: Json, replace: (child: Json, name: string | number) => Json): Json {
    if (Array.isArray(value)) {
      let copy: Json[] | null = null
      for (let index = 0; index < value.length; index++) {
        const child = value[index] as Json
        const replaced = at(index, () => replace(child, index))
        if (replaced === child) continue
        copy ??= value.slice() as Json[]
        copy[index] = replaced
      }
      return copy ?? value
    }
    if (value === null || typeof value !== 'object') return value
    let copy: Record<string, Json> | null = null
    for (const [name, child] of Object.entries(value) as [string, Json][]) {
      const replaced = at(name, () => replace(child, name))
      if (replaced === child) continue
      copy ??= { ...value } as Record<string, Json>
      setOwn(copy, name, replaced)
    }
    return copy ?? value
  }

  /** Patterns in every text below: values, numbers written out, and the names of fields. */
  function walk(value: Json): Json {
    if (typeof value === 'string') return words(value)
    if (typeof value === 'number') {
      const text = String(value)
      const left = words(text)
      return left === text ? value : left
    }
    if (value === null || typeof value !== 'object') return value
    const replaced = children(value, walk)
    return Array.isArray(replaced) ? replaced : names(replaced as { readonly [key: string]: Json })
  }

  function names(value: { readonly [key: string]: Json }): Json {
    const old = Object.keys(value)
    const left = old.map(words)
    if (old.every((name, index) => name === left[index])) return value
    const copy: Record<string, Json> = {}
    for (const [index, name] of old.entries()) {
      let fresh = left[index]!
      // Two removed names must not become one field.
      for (let count = 2; Object.hasOwn(copy, fresh); count++) fresh = `${left[index]}#${count}`
      setOwn(copy, fresh, value[name] as Json)
    }
    return copy
  }

  function words(text: string): string {
    let left = text
    for (const { index, label, expression } of patterns) {
      left = left.replace(expression, (found) => {
        removed(index, found)
        return `[redacted:${label}]`
      })
    }
    return left
  }

  function key(name: FieldRoot | 'callId', value: string | null): string | null {
    if (value === null) return null
    return at(name, () => {
      const rule =
        fields.find(({ path }) => path.root === name) ??
        patterns.find(({ expression }) => value.search(expression) !== -1)
      if (rule === undefined) return value
      removed(rule.index, value)
      const digest = createHmac('sha256', `leeway redaction ${projectId}`).update(value).digest('hex')
      return `[redacted:${rule.label}:${digest.slice(0, 16)}]`
    })
  }

  const optional = (name: 'agentName' | 'policyName') => {
    const value = episode[name]
    return value === null ? null : at(name, () => words(value))
  }

  const redactStep = (step: Step): Step => ({
    ...step,
    name: at('name', () => place('steps.name', step.name, step.ordinal)),
    content: at('content', () => place('steps.content', step.content, step.ordinal)),
    callId: key('callId', step.callId),
    error: at('error', () => place('steps.error', step.error, step.ordinal)),
  })

  return {
    ...episode,
    sourceId: key('sourceId', episode.sourceId),
    taskKey: key('taskKey', episode.taskKey),
    userKey: key('userKey', episode.userKey),
    sessionKey: key('sessionKey', episode.sessionKey),
    instructions: at('instructions', () => place('instructions', episode.instructions)),
    steps: at('steps', () => episode.steps.map((step) => at(step.ordinal, () => redactStep(step)))),
    outcome: {
      ...episode.outcome,
      detail: at('outcome', () => at('detail', () => place('outcome.detail', episode.outcome.detail))),
    },
    agentName: optional('agentName'),
    policyName: optional('policyName'),
    policyConfig: at('policyConfig', () => place('policyConfig', episode.policyConfig)),
  }
}

/** `__proto__` is an ordinary field in hostile JSON. */
function setOwn(target: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
}

function pathOf(trail: readonly (string | number)[]): string {
  return trail.reduce<string>((path, name) => {
    if (typeof name === 'number') return `${path}[${name}]`
    return path === '' ? name : `${path}.${name}`
  }, '')
}
