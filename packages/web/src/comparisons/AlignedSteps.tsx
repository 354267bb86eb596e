import type { StepBody as Body } from '@leeway/contract/episodes'
import { useRef } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { StepBody } from '../episodes/StepBody.tsx'
import { STEP_WORD, StepIcon } from '../episodes/StepIcon.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { type AlignedRow, stretches } from './align-steps.ts'

export type Evidence = {
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly toggle: (side: 'left' | 'right', ordinal: number) => void
}

/** What differs in two columns; what both did in one line across them, which opens. */
export function AlignedSteps({
  rows,
  evidence,
}: {
  readonly rows: readonly AlignedRow[]
  readonly evidence: Evidence
}) {
  const list = useRef<HTMLOListElement>(null)
  const different = rows.filter(({ same }) => !same).length
  const go = (by: 1 | -1) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[data-differs]') ?? [])]
    const now = all.indexOf(document.activeElement as HTMLElement)
    const to = all[now === -1 ? (by === 1 ? 0 : all.length - 1) : now + by]
    to?.focus()
    to?.scrollIntoView({ block: 'center' })
  }
  const actions: readonly Action[] = [
    { id: 'next', title: 'Next difference', group: 'This page', keys: ['j'], perform: () => go(1) },
    { id: 'previous', title: 'Previous difference', group: 'This page', keys: ['k'], perform: () => go(-1) },
  ]
  useLiveActions('aligned-steps', actions)
  return (
    <section aria-label="Both runs, step by step">
      <p className="figures mb-2 text-12 text-ink-2">
        {different === rows.length
          ? formatCountOf(rows.length, 'step')
          : `${formatCountOf(different, 'step')} differ, ${formatCount(rows.length - different)} are the same in both`}
        . <span className="hidden md:inline">Next difference</span>{' '}
        <kbd className="hidden font-mono md:inline">j</kbd>
      </p>
      <div aria-hidden="true" className="mb-1 hidden grid-cols-2 gap-4 lg:grid">
        <span className="text-14 font-semibold">Left</span>
        <span className="text-14 font-semibold">Right</span>
      </div>
      <ol ref={list} className="space-y-2">
        {stretches(rows).map((stretch) => {
          const [row] = stretch
          return row === undefined ? null : (
            <li
              key={`${row.left?.ordinal ?? ''}-${row.right?.ordinal ?? ''}`}
              {...(row.same ? {} : { 'data-differs': '', tabIndex: -1 })}
              className="min-w-0 rounded-lg outline-offset-2"
            >
              {row.same ? (
                <Shared steps={stretch.flatMap(({ left }) => (left === null ? [] : [left]))} />
              ) : (
                <div className="grid gap-2 lg:grid-cols-2 lg:gap-4">
                  <Cell side="left" step={row.left} evidence={evidence} />
                  <Cell side="right" step={row.right} evidence={evidence} />
                </div>
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** What the user says is read at once: it is what both were asked. */
function Shared({ steps }: { readonly steps: readonly Body[] }) {
  const [first] = steps
  if (first === undefined) return null
  const names = [...new Set(steps.map(({ kind, name }) => name ?? STEP_WORD[kind].toLowerCase()))]
  return (
    <details className="rounded-lg border border-line bg-sunken" open={first.kind === 'user'}>
      <summary className="flex cursor-pointer items-center gap-2 px-3 py-2 text-ink-2">
        {steps.length === 1 ? (
          <Heading step={first} />
        ) : (
          <span className="min-w-0 truncate text-12">
            <span className="figures font-semibold">{formatCountOf(steps.length, 'step')}</span>{' '}
            <bdi>{names.join(', ')}</bdi>
          </span>
        )}
        <span className="ms-auto shrink-0 text-12">same in both</span>
      </summary>
      <div className="space-y-3 px-3 pb-3">
        {steps.map((step) => (
          <div key={step.ordinal}>
            {steps.length === 1 ? null : <Heading step={step} />}
            <Words step={step} />
          </div>
        ))}
      </div>
    </details>
  )
}

function Cell({
  side,
  step,
  evidence,
}: {
  readonly side: 'left' | 'right'
  readonly step: Body | null
  readonly evidence: Evidence
}) {
  // On a narrow screen a gap beside something would be an empty box below it.
  if (step === null)
    return <div aria-hidden="true" className="hidden rounded-lg border border-dashed border-line lg:block" />
  const isMarked = evidence[side].includes(step.ordinal)
  return (
    <article
      aria-label={`${side === 'left' ? 'Left' : 'Right'}, step ${step.ordinal}`}
      className={`min-w-0 rounded-lg border bg-surface px-3 py-2 ${isMarked ? 'border-accent' : 'border-line'}`}
    >
      <div className="mb-1 flex items-center gap-2">
        <span className="rounded-sm bg-sunken px-1.5 text-12 font-semibold lg:hidden">
          {side === 'left' ? 'Left' : 'Right'}
        </span>
        <Heading step={step} />
        <button
          type="button"
          aria-pressed={isMarked}
          className={`ms-auto shrink-0 rounded-sm px-1.5 text-12 hover:underline ${isMarked ? 'font-semibold text-accent' : 'text-ink-3'}`}
          onClick={() => evidence.toggle(side, step.ordinal)}
        >
          {isMarked ? 'Shows it' : 'This shows it'}
        </button>
      </div>
      <Words step={step} />
    </article>
  )
}

function Heading({ step }: { readonly step: Body }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StepIcon kind={step.kind} />
      <span className="shrink-0 text-12 font-semibold">{STEP_WORD[step.kind]}</span>
      {step.name === null ? null : (
        <bdi className="truncate font-mono text-12 font-semibold">{step.name}</bdi>
      )}
    </span>
  )
}

function Words({ step }: { readonly step: Body }) {
  return <StepBody kind={step.kind} content={step.content} error={step.error} isRaw={false} isBlind={true} />
}
