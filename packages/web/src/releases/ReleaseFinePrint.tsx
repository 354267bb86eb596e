import type { ReleaseView } from '@leeway/contract/releases'
import { Link } from '@tanstack/react-router'
import { CopyButton } from '../design/CopyButton.tsx'
import { formatCount, formatPoints } from '../numbers/format-number.ts'

/** What an auditor asks for: truth, order of selection, margin budget. */
export function ReleaseFinePrint({
  project,
  release,
}: {
  readonly project: string
  readonly release: ReleaseView
}) {
  const points = (share: number) => formatPoints(share).replace(/^\+/, '')
  return (
    <section aria-label="How it is decided" className="space-y-1 text-12 text-ink-2">
      <p>
        Truth: {release.truth}. {formatCount(release.unitsSelected)} units drawn,{' '}
        {release.unitSource === 'finite' ? 'the whole order at the start' : 'numbered as they arrive'}, by a
        secret seed that was committed first
        {release.seed === null ? ' and is revealed at the end' : ' and is now revealed'}.
      </p>
      {release.whoLooks === null ? null : <p>{release.whoLooks}</p>}
      <p>
        Margin budget since the anchor: {points(release.marginSpent)} of {points(release.marginBudget)} spent.
      </p>
      <p className="flex flex-wrap items-center gap-x-1">
        <CopyButton value={release.seedCommitment} what="seed commitment" />
        {release.seed === null ? null : <CopyButton value={release.seed} what="seed" />}
        <Link to="/p/$project/ledger" params={{ project }} className="link">
          See the ledger
        </Link>
      </p>
    </section>
  )
}
