import type { StudyItem } from '@leeway/contract/studies'
import { useId, useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Transcript } from '../debates/Transcript.tsx'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Key } from '../design/Key.tsx'
import { formatPercent } from '../numbers/format-number.ts'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { leastSure, rounded, SURE_MAX, SURE_START, surer } from '../review/sureness.ts'
import { PartAnswers } from '../splits/PartAnswers.tsx'
import { useAnswerStudy } from './queries.ts'

/** What a study takes, however many answers there are. */
const SURE_MIN = leastSure(2)

/** One question of a study: an answer, and how sure. */
export function StudyQuestion({
  project,
  study,
  item,
}: {
  readonly project: string
  readonly study: string
  readonly item: StudyItem
}) {
  const id = useId()
  const [value, setValue] = useState<string | null>(item.before?.value ?? null)
  const [sure, setSure] = useState(item.before?.probability ?? SURE_START)
  const startedAt = useRef(new Date().toISOString())
  const send = useAnswerStudy(project, study)
  const commit = () => {
    if (value === null || send.isPending) return
    send.mutate({
      place: item.place,
      stage: item.stage,
      value,
      probability: sure,
      startedAt: startedAt.current,
    })
  }
  const group = 'This page' as const
  const actions: readonly Action[] = [
    ...item.options.map((option, at) => ({
      id: `answer-${at + 1}`,
      title: `Answer “${option}”`,
      group,
      keys: [String(at + 1)],
      perform: () => setValue(option),
    })),
    { id: 'surer', title: 'Surer', group, keys: ['+'], perform: () => setSure(surer(sure, 1, SURE_MIN)) },
    {
      id: 'less-sure',
      title: 'Less sure',
      group,
      keys: ['-'],
      perform: () => setSure(surer(sure, -1, SURE_MIN)),
    },
    { id: 'commit', title: 'Save and go on', group, keys: ['Enter'], perform: commit },
  ]
  useLiveActions('study', actions)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <aside className="lg:order-last">
        <section
          aria-labelledby={id}
          className="rounded-lg border border-line bg-surface p-4 sm:p-5 lg:sticky lg:top-4"
        >
          <p className="figures text-12 text-ink-2">
            Question {item.place} of {item.total}
          </p>
          <h1 id={id} className="mt-1 text-20 leading-snug" dir="auto">
            {item.question}
          </h1>
          {item.guidance === '' ? null : (
            <p className="mt-1 text-14 text-ink-2" dir="auto">
              {item.guidance}
            </p>
          )}
          {item.claims.length === 0 ? null : <Claims item={item} />}
          {item.parts.length === 0 ? null : <Parts item={item} />}
          <fieldset className="mt-4 space-y-2" aria-label="Your answer">
            {item.options.map((option, at) => (
              <button
                key={option}
                type="button"
                aria-pressed={value === option}
                onClick={(event) => {
                  setValue(option)
                  // Enter goes on; a button in focus would take it for itself.
                  event.currentTarget.blur()
                }}
                className="flex min-h-11 w-full items-center gap-3 rounded-md border border-line-strong/60 bg-surface px-3 text-start hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
              >
                <Key>{String(at + 1)}</Key> <bdi>{option}</bdi>
              </button>
            ))}
          </fieldset>
          <label className="mt-4 block text-14">
            <span className="flex justify-between">
              <span>How sure are you?</span>
              <span className="figures font-semibold">{formatPercent(sure)}</span>
            </span>
            <input
              type="range"
              min={SURE_MIN * 100}
              max={SURE_MAX * 100}
              step={1}
              value={Math.round(sure * 100)}
              onChange={(event) => setSure(rounded(Number(event.target.value) / 100, SURE_MIN))}
              className="mt-1 w-full accent-accent"
            />
            <span className="flex justify-between text-12 text-ink-2">
              <span>
                <Key>-</Key> a guess
              </span>
              <span>
                certain <Key>+</Key>
              </span>
            </span>
          </label>
          {send.isError ? <Failure error={send.error} onRetry={commit} /> : null}
          <p className="mt-4">
            <Button kind="primary" disabled={value === null || send.isPending} onClick={commit}>
              Save and go on <Key>Enter</Key>
            </Button>
          </p>
        </section>
      </aside>
      <div className="min-w-0">
        {item.episodeId !== null ? (
          <EpisodeBeside project={project} episodeId={item.episodeId} />
        ) : item.answers === null ? null : (
          <>
            <p className="mb-3 max-w-[70ch] text-14 text-ink-2">
              You do not see the episode. Speakers argue for answers that were drawn for them, right or wrong;
              quotes were checked.
            </p>
            <Transcript answers={item.answers} speeches={item.speeches} judgments={[]} />
          </>
        )}
      </div>
    </div>
  )
}

function Claims({ item }: { readonly item: StudyItem }) {
  return (
    <div className="mt-4">
      <h2 className="text-14 font-semibold">
        You answered <bdi>“{item.before?.value}”</bdi>. A critic claims:
      </h2>
      <ul className="mt-2 space-y-2">
        {item.claims.map((claim) => (
          <li key={`${claim.text} ${claim.quote}`} className="rounded-md border border-line p-3 text-14">
            <p className="[overflow-wrap:anywhere]" dir="auto">
              {claim.text}
            </p>
            <blockquote
              className="mt-1 border-s-2 border-line-strong ps-2 text-ink-2 [overflow-wrap:anywhere]"
              dir="auto"
            >
              {claim.quote}
            </blockquote>
            <p className="figures mt-1 text-12 text-ink-2">
              {claim.severity}, step {claim.step}
            </p>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-12 text-ink-2">Whether they hold is for you to say; some do not.</p>
    </div>
  )
}

function Parts({ item }: { readonly item: StudyItem }) {
  return (
    <div className="mt-4">
      <h2 className="text-14 font-semibold">
        You answered <bdi>“{item.before?.value}”</bdi>. Others were asked parts of it:
      </h2>
      <ul className="mt-2 space-y-2">
        {item.parts.map((part) => (
          <li key={`${part.question} ${part.guidance}`} className="rounded-md border border-line p-3">
            <PartAnswers part={part} />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-12 text-ink-2">Whether they are right is for you to say.</p>
    </div>
  )
}
