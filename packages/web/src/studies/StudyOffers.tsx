import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { useStudyOffers } from './queries.ts'

/** Studies that wait for this person; nothing where there is none. */
export function StudyOffers({ project }: { readonly project: string }) {
  const offers = useStudyOffers(project)
  if (offers.isError) return <Failure error={offers.error} onRetry={() => offers.refetch()} />
  const open = (offers.data ?? []).filter(
    ({ agreedAt, answered, total }) => agreedAt === null || answered < total,
  )
  if (open.length === 0) return null
  return (
    <section aria-labelledby="study-offers" className="mt-8">
      <h2 id="study-offers" className="mb-2 text-16 font-semibold">
        Studies
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {open.map((offer) => (
          <li key={offer.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
            <span className="min-w-0 flex-1 basis-64">
              <span className="block [overflow-wrap:anywhere]" dir="auto">
                {offer.name}
              </span>
              <span className="figures block text-12 text-ink-2">
                {offer.agreedAt === null
                  ? `${offer.total} questions, if you agree to take part`
                  : `${offer.answered} of ${offer.total} answered`}
              </span>
            </span>
            <Button asChild kind={offer.agreedAt === null ? 'plain' : 'primary'}>
              <Link to="/p/$project/take-part/$studyId" params={{ project, studyId: offer.id }}>
                {offer.agreedAt === null ? 'Read more' : 'Go on'}
              </Link>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
