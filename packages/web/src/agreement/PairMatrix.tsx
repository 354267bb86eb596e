import type { QuestionAgreement } from '@leeway/contract/agreement'
import { WideTable } from '../design/WideTable.tsx'
import { formatCountOf, formatPercent } from '../numbers/format-number.ts'

/** Share of common items on which two raters gave the same answer. In no order of merit. */
export function PairMatrix({
  raters,
  pairs,
  ratersLeftOut,
}: Pick<QuestionAgreement, 'raters' | 'pairs' | 'ratersLeftOut'>) {
  const pairOf = (a: number, b: number) =>
    pairs.find(({ first, second }) => first === Math.min(a, b) && second === Math.max(a, b))
  return (
    <WideTable label="Agreement pair by pair">
      <p className="pb-2 text-12 text-ink-2">
        Share of common episodes with the same answer, and how many. Blank: too few to say.
        {pairs.some(({ sameFamily }) => sameFamily)
          ? ' One family: two models that share weights, whose agreement says little.'
          : ''}
        {ratersLeftOut === 0 ? '' : ` ${formatCountOf(ratersLeftOut, 'rater')} with fewer answers left out.`}
      </p>
      <table className="figures text-14">
        <thead>
          <tr>
            <td />
            {raters.slice(1).map(({ id, name }) => (
              <th
                key={id}
                scope="col"
                className="max-w-36 min-w-24 px-2 py-1 text-start align-bottom font-normal text-ink-2 [overflow-wrap:anywhere]"
              >
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {raters.slice(0, -1).map(({ id, name }, row) => (
            <tr key={id} className="border-t border-line">
              <th
                scope="row"
                className="max-w-40 min-w-24 py-1 pe-2 text-start font-normal text-ink-2 [overflow-wrap:anywhere]"
              >
                <bdi>{name}</bdi>
              </th>
              {raters.slice(1).map((other, at) => (
                <td key={other.id} className="px-2 py-1 align-top whitespace-nowrap">
                  {at < row ? null : <Pair pair={pairOf(row, at + 1)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}

function Pair({ pair }: { readonly pair: QuestionAgreement['pairs'][number] | undefined }) {
  if (pair === undefined || pair.items === 0) return <span className="text-ink-2">–</span>
  return (
    <>
      {pair.share === null ? '' : formatPercent(pair.share)}{' '}
      <span className="text-12 text-ink-2">of {pair.items}</span>
      {pair.sameFamily ? <span className="block text-12 text-ink-2">one family</span> : null}
    </>
  )
}
