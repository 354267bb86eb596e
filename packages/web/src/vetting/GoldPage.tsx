import type { GoldItem } from '@leeway/contract/vetting'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useGold, useRetireGold } from './queries.ts'

/** Known answers with how many people have met each. Only admins get here. */
export function GoldPage() {
  const { project } = useParams({ from: '/p/$project/gold' })
  const gold = useGold(project)
  usePageTitle('Known answers')
  if (gold.isPending) return <Loading what="the known answers" rows={10} />
  if (gold.isError) return <Failure error={gold.error} onRetry={() => gold.refetch()} />
  const { items, total } = gold.data
  return (
    <>
      <h1 className="text-28">Known answers</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Each person meets one at most once. An answer that has been passed on measures nothing: retire it.
        Those that most people have met retire by themselves. What was answered before counts as it did.
      </p>
      {items.length === 0 ? (
        <Empty title="No answer is known yet" command="leeway gold import known.csv --rubric NAME">
          Known answers vet people and measure the check.
        </Empty>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {items.map((item) => (
            <Known key={`${item.episodeId} ${item.criterionSha256}`} project={project} item={item} />
          ))}
        </ul>
      )}
      {total > items.length ? (
        <p className="figures mt-3 text-14 text-ink-2">
          {formatCountOf(total - items.length, 'other')} that fewer people have met.
        </p>
      ) : null}
    </>
  )
}

function Known({ project, item }: { readonly project: string; readonly item: GoldItem }) {
  const [isRetiring, setRetiring] = useState(false)
  const retire = useRetireGold(project)
  const { episodeId, criterionSha256, question, value, part, people, answers, right, medianSeconds } = item
  return (
    <li className="px-4 py-3 text-14">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <p className="[overflow-wrap:anywhere]">
            <span dir="auto">“{question}”</span> <b dir="auto">{value}</b>
          </p>
          <p className="figures text-ink-2">
            {people === 0 ? 'Nobody has met it.' : `${formatCountOf(people, 'person', 'people')} met it.`}
            {answers === 0 ? '' : ` ${right} of ${formatCountOf(answers, 'answer')} right`}
            {medianSeconds === null ? '' : `, in the middle after ${formatDuration(medianSeconds * 1000)}`}
            {answers === 0 ? '' : '.'}
            {part === 'measure' ? ' It measures the check.' : ''}{' '}
            <Link to="/p/$project/episodes/$episodeId" params={{ project, episodeId }} className="link">
              Episode
            </Link>
          </p>
          {item.retired === null ? null : (
            <p>
              Retired <Time at={item.retired.at} />: <span dir="auto">{item.retired.reason}</span>
            </p>
          )}
          {item.sign === null || item.retired !== null ? null : (
            <p role="note">
              Later people were faster than earlier ones, and all right. By chance that happens to about one
              in a hundred; look whether it was passed on.
            </p>
          )}
        </div>
        {item.retired === null ? (
          <Button size="small" onClick={() => setRetiring(true)}>
            Retire
          </Button>
        ) : null}
      </div>
      {isRetiring && item.retired === null ? (
        <ReasonDialog
          title="Retire the known answer"
          description="Nobody is asked it any more, for good. What was answered before counts as it did."
          label="How it leaked"
          hint="Stands beside it in this list."
          submit="Retire for good"
          isDanger
          onClose={() => {
            setRetiring(false)
            retire.reset()
          }}
          error={retire.error}
          isPending={retire.isPending}
          onSubmit={(reason) => retire.mutate({ episode: episodeId, criterionSha256, reason })}
        />
      ) : null}
    </li>
  )
}
