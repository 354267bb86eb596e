import { Link, useParams } from '@tanstack/react-router'
import { ComparisonOffer } from '../comparisons/ComparisonOffer.tsx'
import { OwnDebates } from '../debates/OwnDebates.tsx'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { StudyOffers } from '../studies/StudyOffers.tsx'
import { ValidityOffers } from '../validity/ValidityOffers.tsx'
import { answerWords } from './answer-words.ts'
import { lastDayWords } from './last-day-words.ts'
import { PauseNote } from './PauseNote.tsx'
import { useInbox } from './queries.ts'
import { RoundFirst } from './RoundFirst.tsx'

/** What waits for this person, and what they answered last. */
export function InboxPage() {
  const { project } = useParams({ from: '/p/$project/inbox' })
  const inbox = useInbox(project)
  usePageTitle('Inbox')
  if (inbox.isPending) return <Loading what="the inbox" rows={6} />
  if (inbox.isError) return <Failure error={inbox.error} onRetry={() => inbox.refetch()} />
  const { progress, lastDay, recent, round, disagreements } = inbox.data
  if (round !== null && !round.done) return <RoundFirst project={project} round={round} />
  const waiting = Math.max(0, progress.total - progress.answered)
  return (
    <>
      <PauseNote project={project} />
      <h1 className="text-28">Inbox</h1>
      <section aria-label="What waits" className="mt-4 rounded-lg border border-line bg-surface px-5 py-4">
        <p className="figures text-20">
          {waiting === 0 ? 'Nothing waits for you.' : `${formatCountOf(waiting, 'question')} wait for you.`}
        </p>
        {waiting > 0 && progress.secondsAnAnswer !== null ? (
          <p className="figures text-14 text-ink-2">
            About {formatDuration(waiting * progress.secondsAnAnswer * 1000)} at your pace so far.
          </p>
        ) : null}
        <p className="figures text-14 text-ink-2">{lastDayWords(lastDay)}</p>
        {waiting === 0 ? null : (
          <p className="mt-3 flex flex-wrap gap-2">
            <Button kind="primary" asChild>
              <Link to="/p/$project/review" params={{ project }} search={{}}>
                Answer one by one
              </Link>
            </Button>
            <Button asChild>
              <Link to="/p/$project/review" params={{ project }} search={{ mode: 'sheet' }}>
                Episode by episode
              </Link>
            </Button>
          </p>
        )}
      </section>
      <ComparisonOffer project={project} />
      <OwnDebates project={project} />
      <StudyOffers project={project} />
      <ValidityOffers project={project} />
      {disagreements === null || disagreements === 0 ? null : (
        <section
          aria-label="Disagreements"
          className="mt-4 rounded-lg border border-line bg-surface px-5 py-4"
        >
          <p className="figures text-16">
            {formatCountOf(disagreements, 'question')} on which others disagree.
          </p>
          <p className="mt-3">
            <Button asChild>
              <Link to="/p/$project/adjudication" params={{ project }}>
                Decide what is right
              </Link>
            </Button>
          </p>
        </section>
      )}
      <h2 className="mt-8 mb-2 text-16 font-semibold">What you answered last</h2>
      {recent.length === 0 ? (
        <Empty title="No answers yet">Your answers appear here as soon as they are saved.</Empty>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {recent.map((one) => (
            <li key={one.assignmentId} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5">
              <span className="min-w-0 flex-1 basis-64" dir="auto">
                {one.question}
              </span>
              <span className="font-medium" dir="auto">
                {answerWords(one.answer)}
              </span>
              {one.flagged ? <span className="text-12 text-ink-2">flagged</span> : null}
              <Link
                to="/p/$project/episodes/$episodeId"
                params={{ project, episodeId: one.episodeId }}
                className="link text-14"
              >
                Episode
              </Link>
              <span className="text-12 text-ink-2">
                <Time at={one.committedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
