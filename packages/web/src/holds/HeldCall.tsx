import type { HoldView } from '@leeway/contract/holds'
import { memo } from 'react'
import { Fold } from '../design/Fold.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { readArguments, saysAll } from './arguments-text.ts'
import { type ComparedArgument, compareArguments, differenceWords } from './call-difference.ts'
import { StakesMark } from './StakesMark.tsx'

type Call = NonNullable<HoldView['text']>['calls'][number]

/**
 * One call in full: its arguments by name, what differs from the last one that was approved, and the very text. Memo: the page
 * around it counts the seconds.
 */
export const HeldCall = memo(function HeldCall({
  call,
  before,
}: {
  readonly call: Call
  /** Arguments of the last similar one; undefined: there is none. */
  readonly before: string | undefined
}) {
  const { all, hidden } = compareArguments(
    readArguments(call.argumentsText),
    before === undefined ? undefined : readArguments(before),
  )
  return (
    <li className="min-w-0 rounded-md border border-line px-3 py-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-mono text-16 font-semibold" dir="auto">
          {call.tool}
        </h3>
        {call.stakes === null ? null : <StakesMark stakes={call.stakes} />}
      </div>
      {all.length === 0 ? (
        <p className="mt-1 text-14 text-ink-2">It has no arguments.</p>
      ) : (
        <Arguments all={all} />
      )}
      <p className="mt-2 text-12 text-ink-2" dir="auto">
        {differenceWords(all)}
        {hidden === 0 ? '' : ` ${formatCountOf(hidden, 'member')} of them not compared here: see the text.`}
      </p>
      <p className="mt-1 text-14" dir="auto">
        {call.reason}
      </p>
      <details className="mt-2" open={!saysAll(call.argumentsText)}>
        <summary className="cursor-pointer text-12 text-ink-2">The arguments as they would be sent</summary>
        <div className="mt-1 rounded-md bg-sunken p-2">
          <Fold text={call.argumentsText} lines={40} characters={6000} mono />
        </div>
      </details>
      {call.says === null ? null : (
        <details className="mt-2">
          <summary className="cursor-pointer text-12 text-ink-2">
            What the server says of this tool: its own words, no proof of anything
          </summary>
          <div className="mt-1 rounded-md bg-sunken p-2">
            <Fold text={call.says} lines={12} characters={1500} mono />
          </div>
        </details>
      )}
    </li>
  )
})

const MARKS = {
  alone: null,
  same: null,
  changed: { sign: '≠', word: 'changed', className: 'bg-hold-wash' },
  added: { sign: '+', word: 'added', className: 'bg-promote-wash' },
  gone: { sign: '−', word: 'gone', className: 'bg-rollback-wash' },
} as const

function Arguments({ all }: { readonly all: readonly ComparedArgument[] }) {
  return (
    <dl className="mt-2 space-y-0.5 font-mono text-12">
      {all.map(({ path, value, kind, change, was }) => {
        const mark = MARKS[change]
        return (
          <div
            key={`${path} ${change}`}
            className={`grid gap-x-4 rounded-sm px-1.5 py-1 sm:grid-cols-[minmax(6rem,12rem)_minmax(0,1fr)] ${mark?.className ?? ''}`}
          >
            <dt className="text-ink-2" dir="auto">
              {path === '' ? 'value' : path}
            </dt>
            <dd className="flex min-w-0 flex-wrap items-baseline gap-x-6">
              <div className={`min-w-0 ${change === 'gone' ? 'line-through' : ''}`}>
                <Value text={value} isEmpty={kind === 'empty'} />
              </div>
              {mark === null ? null : (
                <div className="ms-auto flex min-w-0 flex-wrap items-baseline gap-x-1.5 text-ink-2">
                  <span className="font-sans font-semibold whitespace-nowrap">
                    <span aria-hidden="true">{mark.sign} </span>
                    {mark.word}
                    {was === null ? '' : ', was'}
                  </span>
                  {was === null ? null : <Value text={was} isEmpty={was === ''} />}
                </div>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function Value({ text, isEmpty }: { readonly text: string; readonly isEmpty: boolean }) {
  if (isEmpty) return <span className="text-ink-2">{text === '' ? '(empty)' : text}</span>
  return <Fold text={text} lines={12} characters={1200} mono />
}
