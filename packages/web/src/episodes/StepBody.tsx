import type { Json, StepKind } from '@leeway/core/episodes/episode'
import { CopyButton } from '../design/CopyButton.tsx'
import { Fold } from '../design/Fold.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { readableArguments } from './readable-call.ts'

/** Kinds of steps that raters see nothing of. */
const BLIND_KINDS: ReadonlySet<StepKind> = new Set(['system', 'generation', 'span'])

/** What a step says, in full: text as text, calls as names and values. Raw JSON when asked. */
export function StepBody({
  kind,
  content,
  error,
  isRaw,
  isBlind,
}: {
  readonly kind: StepKind
  readonly content: Json
  readonly error: string | null
  readonly isRaw: boolean
  /** Seen by a rater: what could tell which policy acted was left out. */
  readonly isBlind: boolean
}) {
  if (isBlind && BLIND_KINDS.has(kind) && content === null)
    return <p className="text-12 text-ink-2">Not shown to raters: it could tell which policy acted.</p>
  return (
    <div className="space-y-2">
      {error === null ? null : (
        <div className="rounded-md bg-unhealthy-wash px-3 py-2">
          <p className="text-12 font-semibold text-unhealthy">Error</p>
          <Fold text={error} lines={6} mono />
        </div>
      )}
      {isRaw ? <RawJson content={content} /> : <Readable kind={kind} content={content} />}
    </div>
  )
}

function Readable({ kind, content }: { readonly kind: StepKind; readonly content: Json }) {
  if (content === null || content === '') return <p className="text-12 text-ink-2">Nothing was recorded.</p>
  const isText = typeof content === 'string' && kind !== 'tool_call' && !/^\s*[[{]/.test(content)
  if (isText) return <Fold text={content} mono={kind === 'tool_result'} />
  return <Call content={content} />
}

function Call({ content }: { readonly content: Json }) {
  const { shown, hidden } = readableArguments(content)
  return (
    <div className="font-mono text-12">
      <dl className="grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {shown.map((argument) => (
          <div key={argument.path} className="contents">
            <dt className="max-w-[40vw] text-ink-2 sm:max-w-72" dir="auto">
              {argument.path === '' ? 'value' : argument.path}
            </dt>
            <dd className="min-w-0">
              {argument.kind === 'empty' ? (
                <span className="text-ink-2">(empty)</span>
              ) : argument.kind === 'text' ? (
                <Fold text={argument.value} lines={8} characters={600} mono />
              ) : (
                <span className="text-accent">{argument.value}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {hidden === 0 ? null : (
        <p className="mt-1 text-ink-2">{formatCountOf(hidden, 'more value')} in the raw JSON.</p>
      )}
    </div>
  )
}

function RawJson({ content }: { readonly content: Json }) {
  const text = JSON.stringify(content, null, 2)
  return (
    <div className="rounded-md bg-sunken p-3">
      <Fold text={text} lines={40} characters={6000} mono />
      <div className="mt-1">
        <CopyButton value={text} what="JSON" quiet />
      </div>
    </div>
  )
}
