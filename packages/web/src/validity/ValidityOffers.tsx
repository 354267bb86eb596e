import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { useValidityOffers } from './queries.ts'

/** Rounds in which this person may guess which faults were planted; nothing where there is none. */
export function ValidityOffers({ project }: { readonly project: string }) {
  const offers = useValidityOffers(project)
  if (offers.isError) return <Failure error={offers.error} onRetry={() => offers.refetch()} />
  const open = (offers.data ?? []).filter(({ agreed, answered, total }) => !agreed || answered < total)
  if (open.length === 0) return null
  return (
    <section aria-labelledby="validity-offers" className="mt-8">
      <h2 id="validity-offers" className="mb-2 text-16 font-semibold">
        Planted or not?
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {open.map(({ id, agreed, answered, total }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
            <span className="min-w-0 flex-1 basis-64">
              <span className="block">Guess which faults were put in on purpose</span>
              <span className="figures block text-12 text-ink-2">
                {agreed
                  ? `${answered} of ${total} answered`
                  : `At most ${formatCountOf(total, 'fault')}, if you agree to take part`}
              </span>
            </span>
            <Button asChild kind={agreed ? 'primary' : 'plain'}>
              <Link to="/p/$project/guess/$roundId" params={{ project, roundId: id }}>
                {agreed ? 'Go on' : 'Read more'}
              </Link>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
