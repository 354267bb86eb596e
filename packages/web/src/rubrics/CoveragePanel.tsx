import { type CoveredClause, rubricCoverage } from '@leeway/core/instruction-coverage/rubric-coverage'
import type { Rubric } from '@leeway/core/rubrics/rubric'
import { useMemo } from 'react'
import { Panel } from '../design/Panel.tsx'
import { coverageSentence } from './rubric-words.ts'

/** The instruction with each clause marked as checked by a question or not, and the way from a clause to its questions. */
export function CoveragePanel({
  instruction,
  rubric,
  onQuestion,
}: {
  readonly instruction: string
  readonly rubric: Rubric
  readonly onQuestion: (id: string) => void
}) {
  const coverage = useMemo(() => rubricCoverage(instruction, rubric), [instruction, rubric])
  return (
    <Panel title="Coverage of the instruction">
      <p className="figures text-14" aria-live="polite">
        {coverageSentence(coverage)}
      </p>
      <p className="mt-1 max-w-[70ch] text-12 text-ink-2">
        A question checks a clause when it quotes at least half of it. That says what the questions are about,
        not that they are good ones. A clause that demands nothing needs no question.
      </p>
      <p className="mt-1 text-12 text-ink-2" aria-hidden="true">
        ✓ checked &nbsp; ◐ in part &nbsp; ○ no question
      </p>
      {coverage.invented.length === 0 ? null : (
        <ul className="mt-2 space-y-1 text-14">
          {coverage.invented.map(({ id, quote }) => (
            <li key={`${id} ${quote}`}>
              <code className="font-mono text-12">{id}</code> quotes words that are not there:{' '}
              <q dir="auto">{quote}</q>
            </li>
          ))}
        </ul>
      )}
      <section
        aria-label="The instruction, clause by clause"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the arrow keys
        tabIndex={0}
        className="foreign mt-3 max-h-[32rem] overflow-y-auto whitespace-pre-wrap rounded-md border border-line bg-page px-3 py-2 text-14 leading-relaxed text-ink-3"
        dir="auto"
      >
        {piecesOf(instruction, coverage.clauses).map(({ from, text, clause }) =>
          clause === null ? (
            <span key={from}>{text}</span>
          ) : (
            <Clause key={from} text={text} clause={clause} onQuestion={onQuestion} />
          ),
        )}
      </section>
    </Panel>
  )
}

const LOOKS = {
  checked: 'text-ink',
  partly: 'text-ink underline decoration-dotted decoration-hold decoration-2 underline-offset-4',
  unchecked: 'text-ink underline decoration-dashed decoration-hold decoration-2 underline-offset-4',
} as const
const SIGN = { checked: '✓', partly: '◐', unchecked: '○' } as const
const SAID = { checked: 'Checked: ', partly: 'Checked in part: ', unchecked: 'No question checks: ' } as const

function Clause({
  text,
  clause: { state, by },
  onQuestion,
}: {
  readonly text: string
  readonly clause: CoveredClause
  readonly onQuestion: (id: string) => void
}) {
  return (
    <>
      <span className="sr-only">{SAID[state]}</span>
      <span
        aria-hidden="true"
        className={`pe-1 font-semibold ${state === 'checked' ? 'text-promote' : 'text-hold'}`}
      >
        {SIGN[state]}
      </span>
      <span className={LOOKS[state]}>{text}</span>
      {by.map((id) => (
        <button
          key={id}
          type="button"
          className="link ms-1.5 me-1 font-mono text-12"
          aria-label={`To the question ${id}`}
          onClick={() => onQuestion(id)}
        >
          {id}
        </button>
      ))}
    </>
  )
}

type Piece = { readonly from: number; readonly text: string; readonly clause: CoveredClause | null }

/** Clauses, and what stands between them. */
function piecesOf(instruction: string, clauses: readonly CoveredClause[]): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const between = (to: number) => {
    if (to > at) pieces.push({ from: at, text: instruction.slice(at, to), clause: null })
  }
  for (const clause of clauses) {
    between(clause.from)
    pieces.push({ from: clause.from, text: instruction.slice(clause.from, clause.to), clause })
    at = clause.to
  }
  between(instruction.length)
  return pieces
}
