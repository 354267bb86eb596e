import { SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { Key } from '../design/Key.tsx'
import { selectedWords } from '../episodes/selected-words.ts'
import { useWriteClaim } from './queries.ts'

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  minor: 'changes little',
  major: 'a fault that matters',
  critical: 'harm is done',
}
type Quote = { readonly step: number; readonly words: string }

/** One claim: the words of the episode first, then how bad it is and why. */
export function ClaimForm({
  project,
  episodeId,
  criterionSha256,
  isFirst,
}: {
  readonly project: string
  readonly episodeId: string
  readonly criterionSha256: string
  readonly isFirst: boolean
}) {
  const [quote, setQuote] = useState<Quote | null>(null)
  const [severity, setSeverity] = useState<Severity>('major')
  const [text, setText] = useState('')
  const words = useRef<HTMLTextAreaElement>(null)
  const write = useWriteClaim(project, episodeId)
  const isReady = quote !== null && text.trim().length > 2 && !write.isPending
  const takeQuote = () => {
    const selected = selectedWords(window.getSelection())
    if (selected === null) return
    setQuote(selected)
    write.reset()
    words.current?.focus()
  }
  const save = () => {
    if (quote === null || !isReady) return
    write.mutate(
      { criterionSha256, text, severity, step: quote.step, quote: quote.words },
      {
        onSuccess: () => {
          setQuote(null)
          setText('')
        },
      },
    )
  }
  const group = 'This page' as const
  const actions: readonly Action[] = [
    { id: 'quote', title: 'Quote what is selected in the episode', group, keys: ['q'], perform: takeQuote },
    ...SEVERITIES.map((one, at) => ({
      id: `severity-${one}`,
      title: `How bad: ${one}`,
      group,
      keys: [String(at + 1)],
      perform: () => setSeverity(one),
    })),
    { id: 'words', title: 'Write what is wrong', group, keys: ['t'], perform: () => words.current?.focus() },
    { id: 'save', title: 'Save the claim', group, keys: ['Enter'], perform: save },
  ]
  useLiveActions('claim', actions)
  return (
    <form
      className="mt-4 space-y-4"
      aria-label="A claim"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div>
        <p className="mb-1 text-12 font-semibold text-ink-2">The words that show it</p>
        {quote === null ? (
          <p className="text-14 text-ink-2">Select them in a step, then press q.</p>
        ) : (
          <blockquote
            className="max-h-40 overflow-y-auto border-s-2 border-line-strong ps-2 text-14 whitespace-pre-wrap [overflow-wrap:anywhere]"
            dir="auto"
          >
            {quote.words}
            <span className="figures block text-12 text-ink-2">step {quote.step}</span>
          </blockquote>
        )}
        <p className="mt-2">
          {/* The selection must outlive the press. */}
          <Button size="small" onMouseDown={(event) => event.preventDefault()} onClick={takeQuote}>
            Quote the selection <Key>q</Key>
          </Button>
        </p>
      </div>
      <fieldset aria-label="How bad it is" className="flex flex-wrap gap-1.5">
        {SEVERITIES.map((one, at) => (
          <button
            key={one}
            type="button"
            title={SEVERITY_WORDS[one]}
            aria-pressed={severity === one}
            onClick={(event) => {
              setSeverity(one)
              event.currentTarget.blur()
            }}
            className="min-h-9 rounded-md border border-line-strong/60 bg-surface px-2.5 text-14 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
          >
            <Key>{String(at + 1)}</Key> {one}
          </button>
        ))}
        <p className="basis-full text-12 text-ink-3">{SEVERITY_WORDS[severity]}</p>
      </fieldset>
      <TextArea
        ref={words}
        label="What is wrong"
        hint="Escape leaves the field, Enter then saves."
        maxLength={1000}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {write.isError ? <Failure error={write.error} /> : null}
      <p>
        <Button type="submit" kind="primary" disabled={!isReady}>
          {write.isPending ? 'Saving…' : 'Save the claim'} <Key>Enter</Key>
        </Button>
      </p>
      {isFirst ? (
        <p className="text-12 text-ink-2">
          Once you have written one you are not asked this question yourself.
        </p>
      ) : null}
    </form>
  )
}
