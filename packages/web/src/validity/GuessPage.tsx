import type { ValidityOffer } from '@leeway/contract/validity'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { GuessQuestion } from './GuessQuestion.tsx'
import { useAgreeToValidity, useValidityTurn } from './queries.ts'

/** A validity round: what one agrees to, then one fault after the other, planted or not. */
export function GuessPage() {
  const { project, roundId } = useParams({ from: '/p/$project/guess/$roundId' })
  const turn = useValidityTurn(project, roundId)
  usePageTitle('Planted or not?')
  if (turn.isPending) return <Loading what="the round" rows={8} />
  if (turn.isError) return <Failure error={turn.error} onRetry={() => turn.refetch()} />
  const { offer, item, right } = turn.data
  if (!offer.agreed) return <Consent project={project} offer={offer} />
  if (item === null)
    return (
      <Empty title="That was all. Thank you.">
        <p className="figures">
          {right === null
            ? 'The round has ended.'
            : `You were right about ${right} of ${offer.answered}. Half would be right by guessing.`}{' '}
          What you have seen here does not come to you again.
        </p>
        <p className="mt-3">
          <Button kind="primary" asChild>
            <Link to="/p/$project/inbox" params={{ project }}>
              To the inbox
            </Link>
          </Button>
        </p>
      </Empty>
    )
  return <GuessQuestion key={item.place} project={project} round={roundId} item={item} total={offer.total} />
}

function Consent({ project, offer }: { readonly project: string; readonly offer: ValidityOffer }) {
  const agree = useAgreeToValidity(project, offer.id)
  return (
    <>
      <h1 className="text-28">Planted or not?</h1>
      <section
        aria-label="What you agree to"
        className="mt-4 max-w-[75ch] rounded-lg border border-line bg-surface px-5 py-4"
      >
        <p>
          Each of these runs has a fault. In some the agent made it; in others somebody put it into a copy.
          You say which. It tells us whether put-in faults are a fair test of those who review.
        </p>
        <p className="mt-3 whitespace-pre-wrap" dir="auto">
          {offer.consent}
        </p>
        <p className="figures mt-3 text-14 text-ink-2">
          At most {formatCountOf(offer.total, 'fault')}. You may leave in between and come back. What you see
          here never comes to you as work, so take part before you have reviewed much.
        </p>
        {agree.isError ? <Failure error={agree.error} /> : null}
        <p className="mt-4 flex gap-2">
          <Button kind="primary" disabled={agree.isPending} onClick={() => agree.mutate(undefined)}>
            I agree, and take part
          </Button>
          <Button kind="quiet" asChild>
            <Link to="/p/$project/inbox" params={{ project }}>
              Not now
            </Link>
          </Button>
        </p>
      </section>
    </>
  )
}
