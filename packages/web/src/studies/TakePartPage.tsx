import type { StudyOffer } from '@leeway/contract/studies'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useAgree, useStudyTurn } from './queries.ts'
import { StudyQuestion } from './StudyQuestion.tsx'

/** Taking part in a study: what one agrees to, then one question after the other. */
export function TakePartPage() {
  const { project, studyId } = useParams({ from: '/p/$project/take-part/$studyId' })
  const turn = useStudyTurn(project, studyId)
  usePageTitle('Study')
  if (turn.isPending) return <Loading what="the study" rows={8} />
  if (turn.isError) return <Failure error={turn.error} onRetry={() => turn.refetch()} />
  const { offer, item } = turn.data
  if (offer.agreedAt === null) return <Consent project={project} offer={offer} />
  if (item === null)
    return (
      <Empty title="That was all. Thank you.">
        <p>Your answers are saved. The results are told when everybody has answered.</p>
        <p className="mt-3">
          <Button kind="primary" asChild>
            <Link to="/p/$project/inbox" params={{ project }}>
              To the inbox
            </Link>
          </Button>
        </p>
      </Empty>
    )
  return <StudyQuestion key={`${item.place} ${item.stage}`} project={project} study={studyId} item={item} />
}

function Consent({ project, offer }: { readonly project: string; readonly offer: StudyOffer }) {
  const agree = useAgree(project, offer.id)
  return (
    <>
      <h1 className="max-w-[60ch] text-28 [overflow-wrap:anywhere]" dir="auto">
        {offer.name}
      </h1>
      <section
        aria-label="What you agree to"
        className="mt-4 max-w-[75ch] rounded-lg border border-line bg-surface px-5 py-4"
      >
        <p dir="auto">{offer.question}</p>
        <p className="mt-3 whitespace-pre-wrap" dir="auto">
          {offer.consent}
        </p>
        <p className="figures mt-3 text-14 text-ink-2">
          {offer.total} questions. You may leave in between and come back.
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
