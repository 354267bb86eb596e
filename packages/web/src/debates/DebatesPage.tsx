import type { DebateList, DebateSummary } from '@leeway/contract/debates'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf, formatDuration, formatPercentInterval } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { DebateForm } from './DebateForm.tsx'
import { bits, outcomeWords, probabilityWords, standingWords } from './debate-words.ts'
import { useDebates } from './queries.ts'
import { StrengthTable } from './StrengthTable.tsx'

/** What was argued out here, what it was worth where the answer is known, and who persuades on which side. */
export function DebatesPage() {
  const { project } = useParams({ from: '/p/$project/debates' })
  const { set } = useSearch({ from: '/p/$project/debates' })
  const navigate = useNavigate()
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const list = useDebates(project)
  usePageTitle('Debates')
  const open = (episode: string | undefined) =>
    navigate({
      to: '/p/$project/debates',
      params: { project },
      search: episode === undefined ? {} : { set: episode },
    })
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h1 className="text-28">Debates</h1>
        {isAdmin && set === undefined ? (
          <Button kind="primary" onClick={() => open('')}>
            Set up a debate
          </Button>
        ) : null}
      </div>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Two speakers argue for answers that were drawn for them, or one does in a consultancy. A judge says
        after every round how probable each answer is. A verdict is no rating: somebody chose what is debated,
        so no release reads it.
      </p>
      {isAdmin && set !== undefined ? (
        <div className="mb-6">
          <DebateForm project={project} episode={set} onDone={() => open(undefined)} />
        </div>
      ) : null}
      {list.isPending ? <Loading what="the debates" rows={5} /> : null}
      {list.isError ? <Failure error={list.error} onRetry={() => list.refetch()} /> : null}
      {list.data?.debates.length === 0 ? (
        <Empty title="Nothing has been debated yet">
          Set one up about a question on which raters disagree, or one whose answer you know: then it shows
          what debates are worth here.
        </Empty>
      ) : null}
      {list.data === undefined || list.data.debates.length === 0 ? null : (
        <>
          <Worth kinds={list.data.kinds} />
          <h2 className="mt-8 mb-2 text-16 font-semibold">All, newest first</h2>
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {list.data.debates.map((debate) => (
              <DebateLine key={debate.id} project={project} debate={debate} />
            ))}
          </ul>
          <StrengthTable list={list.data} />
        </>
      )}
    </>
  )
}

function DebateLine({ project, debate }: { readonly project: string; readonly debate: DebateSummary }) {
  const outcome = outcomeWords(debate)
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <Link
          to="/p/$project/debates/$debateId"
          params={{ project, debateId: debate.id }}
          className="link min-w-0 flex-1 basis-72 [overflow-wrap:anywhere]"
          dir="auto"
        >
          {debate.question}
        </Link>
        <span className="text-12 text-ink-2">
          {debate.kind}, <Time at={debate.at} />
        </span>
      </div>
      <p className="figures mt-0.5 text-14 text-ink-2" dir="auto">
        {standingWords(debate)}
        {debate.state === 'over' ? `. ${probabilityWords(debate.probabilityA, debate.answers)}` : ''}
        {outcome === null ? '' : `. ${outcome}`}.
      </p>
      {debate.resting === null ? null : (
        <p className="mt-0.5 text-14 text-hold" dir="auto">
          {debate.resting}
        </p>
      )}
    </li>
  )
}

function Worth({ kinds }: { readonly kinds: DebateList['kinds'] }) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {kinds.map((kind) => (
        <Panel key={kind.kind} title={kind.kind === 'debate' ? 'Debates' : 'Consultancies'}>
          <p className="figures text-14">{worthWords(kind)}</p>
        </Panel>
      ))}
    </div>
  )
}

function worthWords({
  over,
  known,
  right,
  meanScore,
  minutesPerVerdict,
  usdPerVerdict,
}: DebateList['kinds'][number]): string {
  if (over === 0) return 'None is over yet.'
  const costs = [
    ...(minutesPerVerdict === null
      ? []
      : [`${formatDuration(minutesPerVerdict * 60_000)} of speaking and judging`]),
    ...(usdPerVerdict === null ? [] : [`$${usdPerVerdict.toFixed(4)} for models`]),
  ]
  const cost = costs.length === 0 ? '' : ` A verdict took ${costs.join(' and ')}.`
  const ended = `${formatCountOf(over, 'is', 'are')} over.`
  if (right === null)
    return `${ended} Of none is the right answer known, so nobody can say what they are worth.${cost}`
  const share = formatPercentInterval({ estimate: right.share, low: right.low, high: right.high })
  const score =
    meanScore === null
      ? ''
      : ` On average the judge kept ${bits(meanScore)} (0 is best; an even guess is −1).`
  return `${ended} Of ${formatCountOf(known, 'known answer')} the judge ended nearer to the right one in ${share}.${score}${cost}`
}
