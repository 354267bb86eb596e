import type { JudgmentView, SpeechView } from '@leeway/contract/debates'
import { ProbabilityBar } from './ProbabilityBar.tsx'
import { SpeechText } from './SpeechText.tsx'

type Answers = { readonly a: string; readonly b: string }

/** What was said, round by round: A at the start, B at the end of the line, the judge beneath. */
export function Transcript({
  answers,
  speeches,
  judgments,
  own = null,
  onStep,
}: {
  readonly answers: Answers
  readonly speeches: readonly SpeechView[]
  readonly judgments: readonly JudgmentView[]
  /** The side of whoever looks. */
  readonly own?: 'a' | 'b' | null
  readonly onStep?: ((step: number) => void) | undefined
}) {
  const rounds = [...new Set([...speeches, ...judgments].map(({ round }) => round))].sort((a, b) => a - b)
  return (
    <ol className="space-y-6">
      {rounds.map((round) => {
        const judgment = judgments.find((one) => one.round === round)
        return (
          <li key={round}>
            <h3 className="text-12 font-semibold text-ink-2">Round {round}</h3>
            <div className="mt-2 space-y-3">
              {speeches
                .filter((one) => one.round === round)
                .map((speech) => (
                  <Speech
                    key={speech.side}
                    speech={speech}
                    answers={answers}
                    isOwn={speech.side === own}
                    onStep={onStep}
                  />
                ))}
              {judgment === undefined ? null : <Judgment judgment={judgment} answers={answers} />}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Speech({
  speech,
  answers,
  isOwn,
  onStep,
}: {
  readonly speech: SpeechView
  readonly answers: Answers
  readonly isOwn: boolean
  readonly onStep: ((step: number) => void) | undefined
}) {
  const { side, silent } = speech
  return (
    <article
      className={`rounded-lg border border-line bg-surface px-4 py-3 ${side === 'a' ? 'sm:me-12' : 'sm:ms-12'}`}
    >
      <h4 className="mb-1 text-14 font-semibold" dir="auto">
        {side.toUpperCase()} {isOwn ? '(you)' : ''} argues for <bdi>“{answers[side]}”</bdi>
      </h4>
      {silent === null ? (
        <SpeechText parts={speech.parts} onStep={onStep} />
      ) : (
        <p className="text-ink-2">Said nothing. {silent}</p>
      )}
    </article>
  )
}

function Judgment({ judgment, answers }: { readonly judgment: JudgmentView; readonly answers: Answers }) {
  return (
    <div className="border-s-2 border-line-strong ps-4">
      <ProbabilityBar probabilityA={judgment.probabilityA} answers={answers} />
      {judgment.comment === '' ? null : (
        <p className="mt-1 max-w-[70ch] text-14 text-ink-2 [overflow-wrap:anywhere]" dir="auto">
          {judgment.comment}
        </p>
      )}
      {judgment.stop ? <p className="mt-1 text-12 text-ink-2">The judge had heard enough.</p> : null}
    </div>
  )
}
