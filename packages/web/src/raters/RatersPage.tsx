import { Link, useParams } from '@tanstack/react-router'
import { CritiquePanel } from '../critiques/CritiquePanel.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { FormsPanel } from '../question-forms/FormsPanel.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { SupervisorsPanel } from '../supervision/SupervisorsPanel.tsx'
import { VettingPanel } from '../vetting/VettingPanel.tsx'
import { AccuracyBar } from './AccuracyBar.tsx'
import { useRaters } from './queries.ts'
import { accuracyWords, costWords, standingWords } from './rater-words.ts'

/** Everyone who answers questions, people, models and programs alike. In no order of merit: see the words on top. */
export function RatersPage() {
  const { project } = useParams({ from: '/p/$project/raters' })
  const raters = useRaters(project)
  usePageTitle('Raters')
  const items = raters.data?.items ?? []
  const answering = items.filter((rater) => rater.ratings + rater.abstained > 0)
  const silent = items.filter((rater) => rater.ratings + rater.abstained === 0)
  return (
    <>
      <h1 className="text-28">Raters</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Who answers questions, and how often each is right as far as the answers of all tell.{' '}
        <Link to="/p/$project/agreement" params={{ project }} className="link">
          How far they agree
        </Link>
        {', '}
        <Link to="/p/$project/comparisons" params={{ project }} className="link">
          which of two runs they prefer
        </Link>
      </p>
      {raters.isPending ? <Loading what="the raters" rows={5} /> : null}
      {raters.isError ? <Failure error={raters.error} onRetry={() => raters.refetch()} /> : null}
      {raters.data?.items.length === 0 ? (
        <Empty title="Nobody has answered anything yet">
          Programs appear here when a rubric is saved, people with their first answer, models when one is
          declared.
        </Empty>
      ) : null}
      {raters.data?.words.map((sentence) => (
        <p key={sentence} className="mb-4 max-w-[70ch] border-s-2 border-line-strong ps-3" dir="auto">
          {sentence}
        </p>
      ))}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {answering.map((rater) => {
          const cost = costWords(rater)
          return (
            <li key={rater.id} className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
              <div className="flex items-baseline justify-between gap-x-3">
                <h2 className="min-w-0 text-16 font-semibold [overflow-wrap:anywhere]">
                  <RaterLink project={project} rater={rater} />
                </h2>
                <span className="text-12 whitespace-nowrap text-ink-2">{standingWords(rater)}</span>
              </div>
              {rater.accuracy === null ? null : <AccuracyBar accuracy={rater.accuracy} />}
              <p className="figures mt-1 text-14">{accuracyWords(rater)}</p>
              <p className="figures mt-1 text-12 text-ink-2">
                {formatCountOf(rater.ratings, 'answer')}
                {rater.abstained === 0 ? '' : `, abstained ${rater.abstained} times`}
                {cost === null ? '' : `, ${cost}`}
              </p>
            </li>
          )
        })}
      </ul>
      {silent.length === 0 ? null : (
        <section aria-labelledby="silent" className="mt-4">
          <h2 id="silent" className="text-14 font-semibold">
            No answer that counts yet
          </h2>
          <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-14">
            {silent.map((rater) => (
              <li key={rater.id}>
                <RaterLink project={project} rater={rater} />{' '}
                <span className="text-12 text-ink-2">{standingWords(rater)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {/* Not before the list above has its height: a button that moves under the pointer is missed. */}
      <div className={raters.isPending ? 'hidden' : 'mt-6 space-y-4'}>
        <VettingPanel project={project} />
        <CritiquePanel project={project} />
        <FormsPanel project={project} />
        <SupervisorsPanel project={project} />
      </div>
    </>
  )
}

function RaterLink({
  project,
  rater,
}: {
  readonly project: string
  readonly rater: { readonly id: string; readonly name: string }
}) {
  return (
    <Link
      to="/p/$project/raters/$raterId"
      params={{ project, raterId: rater.id }}
      className="link break-words"
    >
      <bdi>{rater.name}</bdi>
    </Link>
  )
}
