import type { OwnDebates as Own } from '@leeway/contract/debates'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { seatWords } from './debate-words.ts'
import { useOwnDebates, useTakeSeat } from './queries.ts'

type Offer = Own['debates'][number]

/** Debates that wait for this person, and seats that are free; nothing where there is none. */
export function OwnDebates({ project }: { readonly project: string }) {
  const own = useOwnDebates(project)
  if (own.isError) return <Failure error={own.error} onRetry={() => own.refetch()} />
  const debates = (own.data ?? []).filter(({ turn }) => turn !== 'over')
  if (debates.length === 0) return null
  return (
    <section aria-labelledby="own-debates" className="mt-8">
      <h2 id="own-debates" className="mb-2 text-16 font-semibold">
        Debates
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {debates.map((offer) => (
          <li
            key={`${offer.id} ${offer.seat}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5"
          >
            <span className="min-w-0 flex-1 basis-64">
              <span className="block [overflow-wrap:anywhere]" dir="auto">
                {offer.question}
              </span>
              <span className="block text-12 text-ink-2">{offerWords(offer)}</span>
            </span>
            <Enter project={project} offer={offer} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Enter({ project, offer }: { readonly project: string; readonly offer: Offer }) {
  const navigate = useNavigate()
  const take = useTakeSeat(project, offer.id)
  const params = { project, debateId: offer.id }
  if (offer.turn !== 'open')
    return (
      <Button asChild kind={offer.turn === 'you' ? 'primary' : 'plain'}>
        <Link to="/p/$project/room/$debateId" params={params}>
          {offer.turn === 'you' ? 'Your turn' : 'Look'}
        </Link>
      </Button>
    )
  return (
    <>
      <Button
        disabled={take.isPending}
        onClick={() =>
          take.mutate(offer.seat, {
            onSuccess: () => navigate({ to: '/p/$project/room/$debateId', params }),
          })
        }
      >
        {offer.seat === 'judge' ? 'Judge it' : `Speak for ${offer.seat.toUpperCase()}`}
      </Button>
      {take.isError ? <Failure error={take.error} /> : null}
    </>
  )
}

function offerWords({ kind, seat, turn, round, rounds }: Offer): string {
  const what = kind === 'debate' ? 'Debate' : 'Consultancy'
  if (turn === 'open') return `${what} of at most ${rounds} rounds. The seat of ${seatWords(seat)} is free.`
  return `${what}, round ${round} of at most ${rounds}. You are ${seatWords(seat)}.`
}
