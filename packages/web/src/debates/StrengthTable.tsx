import type { DebateList } from '@leeway/contract/debates'
import { WideTable } from '../design/WideTable.tsx'
import { strengthWords } from './debate-words.ts'

/** How persuasive each speaker is on each side, and how hard each judge is to mislead. */
export function StrengthTable({ list }: { readonly list: DebateList }) {
  if (list.speakers.length === 0) return null
  return (
    <section aria-labelledby="strengths" className="mt-8">
      <h2 id="strengths" className="text-16 font-semibold">
        Who persuades
      </h2>
      <p className="mt-1 mb-2 max-w-[70ch] text-14 text-ink-2">
        Log strength with its 95 % interval, from debates whose answer is known. What matters is the distance
        between arguing rightly and wrongly: without it, a debate rewards whoever talks well.
      </p>
      <WideTable label="Strength of each speaker" className="rounded-lg border border-line bg-surface">
        <table className="figures w-full text-14">
          <thead className="text-start text-12 text-ink-2">
            <tr>
              <th className="px-4 py-2 text-start font-semibold">Who</th>
              <th className="px-4 py-2 text-start font-semibold">Debates</th>
              <th className="px-4 py-2 text-start font-semibold">Arguing rightly</th>
              <th className="px-4 py-2 text-start font-semibold">Arguing wrongly</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {list.speakers.map(({ name, debates, honest, dishonest }) => (
              <tr key={name}>
                <th scope="row" className="px-4 py-2 text-start font-medium" dir="auto">
                  {name}
                </th>
                <td className="px-4 py-2">{debates}</td>
                <td className="px-4 py-2">{strengthWords(honest)}</td>
                <td className="px-4 py-2">{strengthWords(dishonest)}</td>
              </tr>
            ))}
          </tbody>
          <tbody className="divide-y divide-line border-t border-line">
            {list.judges.map(({ name, debates, rating }) => (
              <tr key={name}>
                <th scope="row" className="px-4 py-2 text-start font-medium" dir="auto">
                  {name}
                </th>
                <td className="px-4 py-2">{debates}</td>
                <td className="px-4 py-2" colSpan={2}>
                  judging: {strengthWords(rating)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </section>
  )
}
