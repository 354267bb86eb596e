import type { DecisionView } from '@leeway/contract/releases'
import { Prose } from '../design/Prose.tsx'
import { Time } from '../design/Time.tsx'
import { reachWords } from '../gateway/reach-words.ts'
import { decisionWords } from './decision-words.ts'

/** Every move of a release, newest first, in sentences. */
export function DecisionHistory({ decisions }: { readonly decisions: readonly DecisionView[] }) {
  return (
    <ol className="divide-y divide-line">
      {[...decisions].reverse().map((decision) => (
        <li key={decision.ordinal} className="grid gap-x-4 py-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
          <span className="text-12 leading-[1.3125rem] text-ink-2">
            <Time at={decision.at} />
          </span>
          <div className="min-w-0">
            <p dir="auto">
              {decisionWords(decision)}
              {decision.checkOrdinal === null ? '' : `, on check ${decision.checkOrdinal}`}
            </p>
            {decision.reason === '' ? null : (
              <p className="text-12 text-ink-2" dir="auto">
                <Prose text={decision.reason} />
              </p>
            )}
            {decision.reach === null ? null : (
              <p className="figures text-12 text-ink-2">{reachWords(decision.reach)}</p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
