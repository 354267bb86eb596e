import type { Guidelines } from '@leeway/contract/review'
import type { ScaleView } from '@leeway/contract/rubrics'
import { useMemo, useRef } from 'react'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Fold } from '../design/Fold.tsx'
import { Key } from '../design/Key.tsx'
import { Time } from '../design/Time.tsx'
import { optionsOfScale } from './answer-words.ts'
import { wordDifference } from './word-difference.ts'

type Words = { readonly question: string; readonly guidance: string; readonly scale: ScaleView }

/** How to decide, in which version, and what changed since this person answered the question last. */
export function GuidelinesPanel({
  words,
  guidelines: { version, since, before },
}: {
  readonly words: Words
  readonly guidelines: Guidelines
}) {
  const box = useRef<HTMLDetailsElement>(null)
  const isThere = words.guidance !== '' || version !== null
  const fold = {
    id: 'guidelines',
    title: 'Open or close how to decide',
    group: 'This page' as const,
    keys: ['h'],
    perform: () => box.current?.toggleAttribute('open'),
  }
  useLiveActions('guidelines', isThere ? [fold] : [])
  if (!isThere) return null
  return (
    // Whoever has read it before is told at once that it is not what they know.
    <details
      ref={box}
      className="mt-2"
      open={before !== null || (words.guidance !== '' && words.guidance.length < 240)}
    >
      <summary className="cursor-pointer text-12 text-ink-2">
        How to decide{version === null ? '' : `, version ${version}`} <Key>h</Key>
        {before === null ? null : (
          <span className="ms-2 rounded-full bg-hold-wash px-2 py-0.5 font-semibold text-hold">changed</span>
        )}
      </summary>
      <div className="mt-1 text-14 text-ink-2">
        {before === null ? (
          words.guidance === '' ? (
            <p>Nobody wrote down how to decide. The question alone counts.</p>
          ) : (
            <Fold text={words.guidance} lines={8} characters={700} />
          )
        ) : (
          <Changes before={before} words={words} />
        )}
        {since === null ? null : (
          <p className="mt-1 text-12">
            In these words since <Time at={since} />.
          </p>
        )}
      </div>
    </details>
  )
}

function Changes({
  before,
  words,
}: {
  readonly before: NonNullable<Guidelines['before']>
  readonly words: Words
}) {
  const answers = [before.scale, words.scale].map(answersOf)
  return (
    <section aria-label="What changed" className="space-y-2">
      <p>
        You answered it last in version {before.version}, <Time at={before.answeredAt} />. Since then:
      </p>
      {before.question === words.question ? null : (
        <Difference title="The question" before={before.question} after={words.question} />
      )}
      {before.guidance === words.guidance ? (
        words.guidance === '' ? null : (
          <Fold text={words.guidance} lines={8} characters={700} />
        )
      ) : (
        <Difference title="How to decide" before={before.guidance} after={words.guidance} />
      )}
      {answers[0] === answers[1] ? null : (
        <Difference title="The answers" before={answers[0] ?? ''} after={answers[1] ?? ''} />
      )}
    </section>
  )
}

function Difference({
  title,
  before,
  after,
}: {
  readonly title: string
  readonly before: string
  readonly after: string
}) {
  // Long for long texts, and the panel is drawn anew with each key.
  const runs = useMemo(() => wordDifference(before, after), [before, after])
  return (
    <div>
      <h3 className="text-12 font-semibold">{title}</h3>
      <p
        className="max-h-72 overflow-y-auto whitespace-pre-wrap text-ink [overflow-wrap:anywhere]"
        dir="auto"
      >
        {runs.map(({ kind, text }, at) => {
          const key = `${at} ${kind}`
          if (kind === 'same') return <span key={key}>{text}</span>
          if (kind === 'gone')
            return (
              <del key={key} className="text-ink-2 decoration-rollback decoration-2">
                {text}
              </del>
            )
          return (
            <ins key={key} className="bg-promote-wash font-semibold decoration-promote decoration-2">
              {text}
            </ins>
          )
        })}
      </p>
    </div>
  )
}

function answersOf(scale: ScaleView): string {
  return scale.kind === 'number' ? `${scale.min} to ${scale.max}` : optionsOfScale(scale).join(', ')
}
