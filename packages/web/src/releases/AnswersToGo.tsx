import type { CheckView } from '@leeway/contract/checks'
import type { ReleaseView } from '@leeway/contract/releases'
import { Link } from '@tanstack/react-router'
import { Prose } from '../design/Prose.tsx'
import { formatCount, formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { formatUsd } from '../raters/rater-words.ts'

/** Where people's answers are the truth: what they still cost, and how good they are. */
export function AnswersToGo({
  project,
  releaseId,
  toGo,
  check,
  isOpen,
}: {
  readonly project: string
  readonly releaseId: string
  readonly toGo: NonNullable<ReleaseView['toGo']>
  readonly check: CheckView | null
  readonly isOpen: boolean
}) {
  const costs = [
    toGo.peopleHours === null ? null : `${formatDuration(toGo.peopleHours * 3_600_000)} of people's time`,
    toGo.usd === null || toGo.usd === 0 ? null : `${formatUsd(toGo.usd)} for models`,
    toGo.days === null ? null : `${formatCountOf(Math.ceil(toGo.days), 'day')} at the pace of this week`,
  ].filter((part) => part !== null)
  return (
    <section
      aria-label={isOpen ? 'Answers still needed' : 'How good the answers are'}
      className="rounded-lg border border-line bg-surface px-5 py-4"
    >
      {isOpen ? <h2 className="text-12 font-semibold text-ink-2">Answers still needed</h2> : null}
      <p className="figures mt-1">
        {isOpen ? (
          <>
            {check?.unitsNeededIfEqual == null ? '' : 'About '}
            {formatCountOf(toGo.answers, 'answer')}
            {costs.length === 0 ? '.' : `: ${costs.join(', ')}.`} {formatCount(toGo.open)} wait in the{' '}
            <Link to="/p/$project/inbox" params={{ project }} className="link">
              inbox
            </Link>{' '}
            now.{' '}
          </>
        ) : null}
        <Link to="/p/$project/releases/$releaseId/pairs" params={{ project, releaseId }} className="link">
          Pairs that differ, side by side
        </Link>
      </p>
      {check?.identical === undefined ? null : (
        <p className="figures mt-1">
          {formatCountOf(check.identical.labelsSaved, 'answer')} saved:{' '}
          {formatCountOf(check.identical.pairs, 'pair')} did the same. Of {check.identical.checked} looked at
          all the same, {check.identical.differed} differed after all
          {check.identical.broken ? ': too many, so nothing is promoted by this rule.' : '.'}
        </p>
      )}
      {check?.labelError === undefined ? null : (
        <>
          <h2 className="mt-3 text-12 font-semibold text-ink-2">How good the answers are</h2>
          {check.labelError.words.map((sentence) => (
            <p key={sentence} className="mt-1">
              <Prose text={sentence} />
            </p>
          ))}
          {check.labelError.gold === null ||
          check.labelError.gold.faults + check.labelError.gold.sound > 0 ? null : (
            <p className="mt-1">
              No known answers (gold) yet, so nothing says how often the raters err, and nothing can be
              promoted. Give some on episodes whose truth you know.
            </p>
          )}
        </>
      )}
    </section>
  )
}
