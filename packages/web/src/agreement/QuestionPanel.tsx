import type { QuestionAgreement } from '@leeway/contract/agreement'
import { Link } from '@tanstack/react-router'
import { Panel } from '../design/Panel.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { alphaWords, measuredWords, modelWords, restWords } from './agreement-words.ts'
import { PairMatrix } from './PairMatrix.tsx'

/** One question: do people agree, who with whom, on which episodes not, and does it go with its rubric. */
export function QuestionPanel({
  project,
  question,
}: {
  readonly project: string
  readonly question: QuestionAgreement
}) {
  const alpha = measuredWords(question.alpha)
  return (
    <Panel title={question.question}>
      <p className="max-w-[75ch]">{alphaWords(question.alpha)}</p>
      <p className="figures mt-1 text-14 text-ink-2">
        {alpha === null ? '' : `Krippendorff’s alpha ${alpha}. `}
        {formatCountOf(question.answers, 'answer')}; {formatCountOf(question.itemsShared, 'episode')} answered
        by two people or more.
      </p>
      {question.withModels === null ? null : (
        <p className="figures mt-1 max-w-[75ch] text-14 text-ink-2">{modelWords(question.withModels)}</p>
      )}
      {question.withRest.map((one) => (
        <p
          key={`${one.rubric} ${one.criterion}`}
          className={`figures mt-2 max-w-[75ch] text-14 ${isContrary(one) ? 'border-s-2 border-rollback ps-3' : ''}`}
          dir="auto"
        >
          {restWords(one)}
        </p>
      ))}
      {question.raters.length < 2 ? null : (
        <div className="mt-4">
          <PairMatrix {...question} />
        </div>
      )}
      {question.hardest.length === 0 ? null : (
        <>
          <h3 className="mt-4 mb-1 text-14 font-semibold">Hardest episodes</h3>
          <ol className="figures divide-y divide-line text-14">
            {question.hardest.map(({ episodeId, answers, entropy }, at) => (
              <li key={episodeId} className="flex flex-wrap gap-x-4 py-1">
                <Link
                  to="/p/$project/episodes/$episodeId"
                  params={{ project, episodeId }}
                  className="link"
                  aria-label={`Episode ${at + 1} of the hardest`}
                >
                  Episode {at + 1}
                </Link>
                <span dir="auto">{answers.map(({ value, count }) => `${count} × ${value}`).join(', ')}</span>
                <span className="text-ink-2">{entropy.toFixed(2)} bits unknown</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  )
}

const isContrary = ({ correlation }: QuestionAgreement['withRest'][number]) =>
  correlation.kind === 'estimate' && correlation.high < 0
