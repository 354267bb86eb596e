import type { PredictionView } from '@leeway/contract/rubrics'
import type { z } from 'zod'
import { WideTable } from '../design/WideTable.tsx'
import { formatCount } from '../numbers/format-number.ts'

/** How well each question tells success from failure, with a bar from chance (0.5) to perfect. */
export function PredictionTable({ items }: { readonly items: readonly z.infer<typeof PredictionView>[] }) {
  return (
    <WideTable label="What each question predicts">
      <table className="figures w-full text-14">
        <caption className="pb-2 text-start text-12 text-ink-2">
          On episodes with a trusted outcome: the chance that an episode that succeeded is rated above one
          that failed. 0.5 is a coin. With a 95 % interval.
        </caption>
        <thead className="text-12 text-ink-2">
          <tr>
            <th className="pe-3 pb-1 text-start font-semibold">Question</th>
            <th className="pe-3 pb-1 text-start font-semibold">Answered by</th>
            <th className="pe-3 pb-1 text-end font-semibold">Episodes</th>
            <th className="pb-1 text-end font-semibold">AUROC</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.id} ${item.by}`} className="border-t border-line align-baseline">
              <td className="min-w-40 py-1.5 pe-3" dir="auto">
                {item.question}
              </td>
              <td className="py-1.5 pe-3 whitespace-nowrap text-ink-2">{item.by}</td>
              <td className="py-1.5 pe-3 text-end">{formatCount(item.episodes)}</td>
              <td className="py-1.5 text-end whitespace-nowrap">
                {item.auroc === null || item.low === null || item.high === null
                  ? 'cannot be told'
                  : `${item.auroc.toFixed(2)} (${item.low.toFixed(2)} to ${item.high.toFixed(2)})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}
