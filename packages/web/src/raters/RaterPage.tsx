import type { RaterCard } from '@leeway/contract/raters'
import { Link, useParams } from '@tanstack/react-router'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatCountOf, formatPercentInterval } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccuracyBar } from './AccuracyBar.tsx'
import { ConflictsPanel } from './ConflictsPanel.tsx'
import { useRater } from './queries.ts'
import { accuracyWords, costWords, standingWords } from './rater-words.ts'
import { TierForm } from './TierForm.tsx'

/** The card of one rater: how good, wrong about what, together with whom. */
export function RaterPage() {
  const { project, raterId } = useParams({ from: '/p/$project/raters/$raterId' })
  const rater = useRater(project, raterId)
  usePageTitle(rater.data?.name ?? 'Rater')
  if (rater.isPending) return <Loading what="the rater" rows={8} />
  if (rater.isError) return <Failure error={rater.error} onRetry={() => rater.refetch()} />
  const card = rater.data
  const cost = costWords(card)
  return (
    <>
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link to="/p/$project/raters" params={{ project }} className="link">
          Raters
        </Link>
      </nav>
      <h1 className="text-28 [overflow-wrap:anywhere]">
        <bdi>{card.name}</bdi>
      </h1>
      <p className="mt-1 mb-5 text-ink-2">
        {standingWords(card)}; family <bdi>{card.family}</bdi>. {formatCountOf(card.ratings, 'answer')}
        {card.abstained === 0 ? '' : `, abstained ${card.abstained} times`}
        {cost === null ? '' : `, ${cost}`}.
      </p>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-6">
          <Panel title="What is known of its errors">
            <p className="figures">{accuracyWords(card)}</p>
            <ul className="mt-2 list-disc space-y-1 ps-5">
              {card.words.map((sentence) => (
                <li key={sentence} className="max-w-[75ch]" dir="auto">
                  {sentence}
                </li>
              ))}
            </ul>
          </Panel>
          {card.perQuestion.map((question) => (
            <QuestionPanel key={question.criterionSha256} question={question} />
          ))}
        </div>
        <div className="min-w-0 space-y-6">
          <TierForm project={project} rater={card} />
          <ConflictsPanel project={project} rater={card} />
          {card.errsWith.length === 0 ? null : (
            <Panel title="Errs together with">
              <ul className="figures space-y-1 text-14">
                {card.errsWith.map((other) => (
                  <li key={other.id} className="flex justify-between gap-3">
                    <Link
                      to="/p/$project/raters/$raterId"
                      params={{ project, raterId: other.id }}
                      className="link min-w-0 [overflow-wrap:anywhere]"
                    >
                      <bdi>{other.name}</bdi>
                    </Link>
                    <span className="text-ink-2">{other.correlation.toFixed(2)}</span>
                  </li>
                ))}
              </ul>
              <p className="mt-2 text-12 text-ink-2">
                Correlation of errors beyond what the questions explain. 1 is the same rater twice.
              </p>
            </Panel>
          )}
          {card.drift.length < 2 ? null : (
            <Panel title="Over time">
              <ul className="figures space-y-1 text-14">
                {card.drift.map((part) => (
                  <li key={part.from} className="flex items-center justify-between gap-3">
                    <span className="text-12 text-ink-2">
                      from <Time at={part.from} style="long" />
                    </span>
                    <AccuracyBar accuracy={part.accuracy} />
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </div>
      </div>
    </>
  )
}

function QuestionPanel({ question }: { readonly question: RaterCard['perQuestion'][number] }) {
  return (
    <Panel title={question.question}>
      <p className="figures text-14">
        Right on {formatPercentInterval(question.accuracy)}, from {formatCountOf(question.ratings, 'answer')}.
      </p>
      <WideTable label="What it says, by what is true" className="mt-2">
        <table className="figures text-14">
          <caption className="pb-1 text-start text-12 text-ink-2">
            How often it says what, by what is true.
          </caption>
          <thead className="text-12 text-ink-2">
            <tr>
              <th className="pe-4 text-start font-semibold">In truth</th>
              {question.options.map((option) => (
                <th key={option} className="pe-4 text-start font-semibold" dir="auto">
                  says {option}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {question.confusion.map((row, truth) => (
              <tr key={question.options[truth] ?? truth} className="border-t border-line">
                <th className="py-1 pe-4 text-start font-normal" dir="auto">
                  {question.options[truth]}
                </th>
                {row.map((share, answer) => (
                  <td
                    key={question.options[answer] ?? answer}
                    className={`py-1 pe-4 whitespace-nowrap ${truth === answer ? 'font-semibold' : 'text-ink-2'}`}
                  >
                    {formatPercentInterval(share)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </Panel>
  )
}
