import type { ValidityItem } from '@leeway/contract/validity'
import { useId, useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Key } from '../design/Key.tsx'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { useAnswerValidity } from './queries.ts'

const GUESSES = [
  { saidPlanted: false, title: 'Natural: the agent made it' },
  { saidPlanted: true, title: 'Planted: somebody put it in' },
] as const

/** One fault, with what it breaks: planted or natural? */
export function GuessQuestion({
  project,
  round,
  item,
  total,
}: {
  readonly project: string
  readonly round: string
  readonly item: ValidityItem
  readonly total: number
}) {
  const id = useId()
  const [said, setSaid] = useState<boolean | null>(null)
  const startedAt = useRef(new Date().toISOString())
  const send = useAnswerValidity(project, round)
  const commit = () => {
    if (said === null || send.isPending) return
    send.mutate(
      { place: item.place, saidPlanted: said, startedAt: startedAt.current },
      { onSuccess: () => window.scrollTo({ top: 0 }) },
    )
  }
  const group = 'This page' as const
  const actions: readonly Action[] = [
    ...GUESSES.map(({ saidPlanted, title }, at) => ({
      id: `guess-${at + 1}`,
      title,
      group,
      keys: [String(at + 1)],
      perform: () => setSaid(saidPlanted),
    })),
    { id: 'commit', title: 'Save and go on', group, keys: ['Enter'], perform: commit },
  ]
  useLiveActions('guess', actions)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <aside className="lg:order-last">
        <section
          aria-labelledby={id}
          className="rounded-lg border border-line bg-surface p-4 sm:p-5 lg:sticky lg:top-4"
        >
          <p className="figures text-12 text-ink-2">
            Fault {item.place} of {total}
          </p>
          <h1 id={id} className="mt-1 text-20 leading-snug">
            Was the fault in this run planted?
          </h1>
          <p className="mt-2 text-14 text-ink-2">The question it breaks, with the right answer here:</p>
          <p className="mt-1 text-14 [overflow-wrap:anywhere]">
            <span dir="auto">“{item.question}”</span> <b dir="auto">{item.rightAnswer}</b>.
          </p>
          {item.guidance === '' ? null : (
            <p className="mt-1 text-14 text-ink-2 [overflow-wrap:anywhere]" dir="auto">
              {item.guidance}
            </p>
          )}
          <fieldset className="mt-4 space-y-2" aria-label="Your guess">
            {GUESSES.map(({ saidPlanted, title }, at) => (
              <button
                key={title}
                type="button"
                aria-pressed={said === saidPlanted}
                onClick={(event) => {
                  setSaid(saidPlanted)
                  // Enter goes on; a button in focus would take it for itself.
                  event.currentTarget.blur()
                }}
                className="flex min-h-11 w-full items-center gap-3 rounded-md border border-line-strong/60 bg-surface px-3 text-start hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
              >
                <Key>{String(at + 1)}</Key> {title}
              </button>
            ))}
          </fieldset>
          {send.isError ? <Failure error={send.error} onRetry={commit} /> : null}
          <p className="mt-4">
            <Button kind="primary" disabled={said === null || send.isPending} onClick={commit}>
              Save and go on <Key>Enter</Key>
            </Button>
          </p>
        </section>
      </aside>
      <div className="min-w-0">
        <EpisodeBeside project={project} episodeId={item.episodeId} />
      </div>
    </div>
  )
}
