import type { ComparisonReport } from '@leeway/contract/comparisons'
import { Link, useParams } from '@tanstack/react-router'
import { measuredWords } from '../agreement/agreement-words.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Prose } from '../design/Prose.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useComparison } from './queries.ts'
import { ShareBar } from './ShareBar.tsx'

/** Which policies are preferred by one question, and by what habits of those who answered. */
export function ComparisonPage() {
  const { project, agentId, criterion } = useParams({ from: '/p/$project/comparisons/$agentId/$criterion' })
  const report = useComparison(project, agentId, criterion)
  usePageTitle('Comparison')
  if (report.isPending) return <Loading what="the comparison" rows={8} />
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { data } = report
  return (
    <>
      <p className="text-14">
        <Link to="/p/$project/comparisons" params={{ project }} className="link">
          Comparisons
        </Link>
      </p>
      <h1 className="mt-1 max-w-[60ch] text-28 leading-tight [overflow-wrap:anywhere]" dir="auto">
        {data.question}
      </h1>
      <p className="figures mt-1 text-14 text-ink-2">
        <bdi>{data.agent}</bdi>: {formatCount(data.answers)} of {formatCountOf(data.answersWanted, 'answer')}{' '}
        to {formatCountOf(data.pairs, 'pair')}
        {data.skipped === 0 ? '' : `, ${formatCountOf(data.skipped, 'skip')}`}
        {data.flagged === 0 ? '' : `, ${formatCount(data.flagged)} flagged`}.
      </p>
      <div className="mt-3 max-w-[80ch] space-y-2">
        {data.words.map((sentence) => (
          <p key={sentence} className="figures" dir="auto">
            <Prose text={sentence} />
          </p>
        ))}
      </div>
      {data.policies.length === 0 ? (
        <div className="mt-5">
          <Empty title="No answer to two policies yet">
            Shares, strengths and habits appear with the first answers. The pairs wait in the inbox.
          </Empty>
        </div>
      ) : (
        <div className="mt-5 grid items-start gap-3 lg:grid-cols-2">
          {data.policies.map((pair) => (
            <PairPanel key={`${pair.better} ${pair.worse}`} pair={pair} agrees={data.nullsAgree} />
          ))}
          <StrengthsPanel strengths={data.strengths} />
          <PeoplePanel people={data.people} />
          {data.models.length === 0 ? null : <ModelsPanel models={data.models} />}
        </div>
      )}
    </>
  )
}

const NULL_WORDS = {
  left: 'always the left one',
  longer: 'always the longer one',
  shorter: 'always the shorter one',
} as const

/** People first, then models, then raters who look at nothing, on the same pairs. */
function PairPanel({
  pair,
  agrees,
}: {
  readonly pair: ComparisonReport['policies'][number]
  readonly agrees: ComparisonReport['nullsAgree']
}) {
  const { better, worse, answers, pairs, ties } = pair
  return (
    <Panel title={`How often ${better} is preferred to ${worse}`}>
      <table className="w-full text-14">
        <tbody>
          <Row title="People" share={pair.people} isFirst />
          {pair.models.map(({ rater, share }) => (
            <Row key={rater} title={rater} share={share} />
          ))}
          {(['left', 'longer', 'shorter'] as const).map((rater) => (
            <Row
              key={rater}
              title={NULL_WORDS[rater]}
              share={pair.nulls[rater]}
              note={
                agrees[rater].kind === 'estimate'
                  ? `would say what people said in ${Math.round(agrees[rater].value * 100)} %`
                  : undefined
              }
            />
          ))}
        </tbody>
      </table>
      <p className="figures mt-2 text-12 text-ink-2">
        {formatCountOf(answers, 'answer')} to {formatCountOf(pairs, 'pair')}, {formatCountOf(ties, 'tie')}. A
        tie is half a preference for each. The last three look at nothing else: where one of them says what
        people say, people may have gone by it.
      </p>
    </Panel>
  )
}

function Row({
  title,
  share,
  note,
  isFirst = false,
}: {
  readonly title: string
  readonly share: ComparisonReport['policies'][number]['people']
  readonly note?: string | undefined
  readonly isFirst?: boolean
}) {
  return (
    <tr className={isFirst ? '' : 'border-t border-line'}>
      <th
        scope="row"
        className={`py-1.5 pe-4 text-start align-top [overflow-wrap:anywhere] ${isFirst ? 'font-semibold' : 'font-normal text-ink-2'}`}
      >
        <bdi>{title}</bdi>
        {note === undefined ? null : <span className="figures block text-12 font-normal">{note}</span>}
      </th>
      <td className="py-1.5">
        <ShareBar share={share} />
      </td>
    </tr>
  )
}

function StrengthsPanel({ strengths }: { readonly strengths: ComparisonReport['strengths'] }) {
  return (
    <Panel title="Strengths of all policies together">
      {strengths.insufficient === null ? null : (
        <p className="text-14 text-ink-2">They cannot be said: {strengths.insufficient}.</p>
      )}
      {strengths.groups.map((group) => (
        <table key={group.map(({ policy }) => policy).join(' ')} className="figures mb-2 w-full text-14">
          <thead>
            <tr className="text-start text-12 text-ink-2">
              <th className="py-1 pe-4 text-start font-normal">Policy</th>
              <th className="py-1 pe-4 text-start font-normal">Log odds (95 % interval)</th>
              <th className="py-1 text-start font-normal">Rank</th>
            </tr>
          </thead>
          <tbody>
            {group.map(({ policy, rating, rank }) => (
              <tr key={policy} className="border-t border-line">
                <td className="py-1.5 pe-4 [overflow-wrap:anywhere]">
                  <bdi>{policy}</bdi>
                </td>
                <td className="py-1.5 pe-4">
                  {measuredWords(rating) ?? (rating.kind === 'insufficient' ? rating.reason : '')}
                </td>
                <td className="py-1.5">
                  {rank === null
                    ? '–'
                    : rank.best === rank.worst
                      ? rank.best
                      : `${rank.best} to ${rank.worst}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      {strengths.shownLeft === null ? null : (
        <p className="figures text-12 text-ink-2">
          Being shown on the left is worth {measuredWords(strengths.shownLeft) ?? 'what cannot be said yet'}{' '}
          in the same unit; the strengths allow for it.
        </p>
      )}
    </Panel>
  )
}

function PeoplePanel({ people }: { readonly people: ComparisonReport['people'] }) {
  return (
    <Panel title="Who answered">
      <table className="figures w-full text-14">
        <thead>
          <tr className="text-12 text-ink-2">
            <th className="py-1 pe-4 text-start font-normal">Person</th>
            <th className="py-1 pe-4 text-start font-normal">Answers</th>
            <th className="py-1 pe-4 text-start font-normal">Reliability</th>
            <th className="py-1 text-start font-normal">Known pairs</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ rater, answers, reliability, known, knownRight }) => (
            <tr key={rater} className="border-t border-line">
              <td className="py-1.5 pe-4 [overflow-wrap:anywhere]">
                <bdi>{rater}</bdi>
              </td>
              <td className="py-1.5 pe-4">{formatCount(answers)}</td>
              <td className="py-1.5 pe-4">{measuredWords(reliability) ?? '–'}</td>
              <td className="py-1.5">{known === 0 ? '–' : `${knownRight} of ${known}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-12 text-ink-2">
        Reliability is the probability of answering as the strengths of all would have it; 0.5 is a coin.
      </p>
    </Panel>
  )
}

function ModelsPanel({ models }: { readonly models: ComparisonReport['models'] }) {
  return (
    <Panel title="Models, each asked in both orders">
      <ul className="divide-y divide-line">
        {models.map(({ rater, pairs, flipped, withPeople, waiting, costUsd }) => (
          <li key={rater} className="py-2 text-14">
            <p className="font-semibold [overflow-wrap:anywhere]">
              <bdi>{rater}</bdi>
              <span className="figures font-normal text-ink-2">
                , {formatCountOf(pairs, 'pair')}
                {costUsd === null ? '' : `, $${costUsd.toFixed(2)}`}
              </span>
            </p>
            <p className="flex flex-wrap items-center gap-x-3">
              The order changed its winner in <ShareBar share={flipped} />
            </p>
            <p className="flex flex-wrap items-center gap-x-3">
              It prefers what most people prefer in <ShareBar share={withPeople} />
            </p>
            {waiting === null ? null : <p className="text-ink-2">{waiting}</p>}
          </li>
        ))}
      </ul>
      <p className="mt-2 text-12 text-ink-2">A winner that changes with the order counts as a tie.</p>
    </Panel>
  )
}
