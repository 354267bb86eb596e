import type { CheckView } from '@leeway/contract/checks'
import { Prose } from '../design/Prose.tsx'
import { STATE_TEXT, STATE_WASH, STATE_WORD, StateShape } from '../design/StateMark.tsx'
import { formatCountOf, formatPercent } from '../numbers/format-number.ts'
import { withoutVerdict } from './without-verdict.ts'

/** What the evidence says, in a sentence, then what would change it, then how far it reaches. */
export function VerdictPanel({ check }: { readonly check: CheckView }) {
  const asked = check.labels + check.missing
  return (
    <section aria-label="Verdict" className={`rounded-lg px-5 py-4 ${STATE_WASH[check.verdict]}`}>
      <p className={`flex items-center gap-2 text-20 font-semibold ${STATE_TEXT[check.verdict]}`}>
        <StateShape state={check.verdict} size={20} />
        {STATE_WORD[check.verdict]}
      </p>
      <p className="mt-1 text-16">
        <Prose text={withoutVerdict(check.words.verdict)} />
      </p>
      <div className="mt-4 grid gap-x-8 gap-y-4 md:grid-cols-2">
        {check.words.needed === null ? null : (
          <section>
            <h2 className="text-12 font-semibold text-ink-2">What would change this</h2>
            <p className="mt-1">
              <Prose text={check.words.needed} />
            </p>
          </section>
        )}
        <section>
          <h2 className="text-12 font-semibold text-ink-2">How far it reaches</h2>
          <p className="mt-1">
            <Prose text={check.words.scope} /> <Prose text={check.words.severe} />
          </p>
          {check.words.kl == null ? null : (
            <p className="mt-1">
              <Prose text={check.words.kl} />
            </p>
          )}
          {check.words.behaviour == null ? null : (
            <p className="mt-1">
              <Prose text={check.words.behaviour} />
            </p>
          )}
          {check.behaviouralKl === undefined ? null : (
            <p className="mt-1">
              <Prose text={check.behaviouralKl.words} />
            </p>
          )}
          {check.missing === 0 ? null : (
            <p className="mt-1">
              {formatCountOf(check.missing, 'label')} missing ({formatPercent(check.missing / asked)}),
              counted against each claim.
            </p>
          )}
        </section>
      </div>
    </section>
  )
}
