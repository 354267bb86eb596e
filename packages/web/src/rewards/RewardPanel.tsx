import { type RewardPart, type RewardValue, showReward } from '@leeway/contract/rewards'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'

/** The reward of an episode and what it is made of. Nothing is shown where the agent has no rubric. */
export function RewardPanel({ project, episode }: { readonly project: string; readonly episode: string }) {
  const reward = useQuery({
    queryKey: [project, 'episodes', episode, 'reward'],
    queryFn: async () => (await client.call(showReward, { params: { project, episode } })).reward,
  })
  if (reward.isPending) return <Loading what="the reward" rows={2} />
  if (reward.isError) return <Failure error={reward.error} onRetry={() => reward.refetch()} />
  if (reward.data === null) return null
  const { value, completeness, rubric, parts } = reward.data
  return (
    <Panel
      title="Reward"
      aside={
        <span className="text-12 text-ink-2">
          <bdi>{rubric.name}</bdi>, version {rubric.version}
        </span>
      }
    >
      <p className="figures text-16 font-semibold">{valueWords(value)}</p>
      <p className="figures text-14 text-ink-2">
        {formatCount(completeness.answered)} of {formatCountOf(completeness.total, 'question')} answered
        {completeness.notApplicable === 0
          ? ''
          : `; ${completeness.notApplicable} ${completeness.notApplicable === 1 ? 'does' : 'do'} not arise here`}
        .
      </p>
      <details className="mt-2">
        <summary className="cursor-pointer text-14">What it is made of</summary>
        <ul className="mt-2 space-y-1">
          {parts.map((part) => (
            <Part key={part.id} part={part} />
          ))}
        </ul>
      </details>
    </Panel>
  )
}

function Part({ part }: { readonly part: RewardPart }) {
  return (
    <li
      className="border-s-2 border-line py-1 ps-3"
      // Depth is data, so it cannot be a class.
      style={{ marginInlineStart: `${Math.min(part.depth, 6) * 1.1}rem` }}
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span dir="auto">{part.question ?? part.id}</span>
        <span className="figures text-14 font-medium">{valueWords(part.value)}</span>
      </div>
      {part.ratings.map((rating) => (
        <p key={rating.id} className="text-12 text-ink-2" dir="auto">
          <bdi>{rating.raterName}</bdi>: {answerWords(rating.answer)}
          {rating.comment === '' ? '' : ` (${rating.comment.slice(0, 300)})`}
        </p>
      ))}
    </li>
  )
}

function valueWords(value: RewardValue): string {
  if (value.kind === 'insufficient')
    return value.missing.length === 0
      ? 'not known'
      : `not known: needs ${value.missing.slice(0, 3).join(', ')}`
  return value.low === value.high
    ? value.estimate.toFixed(2)
    : `${value.estimate.toFixed(2)} (${value.low.toFixed(2)} to ${value.high.toFixed(2)})`
}

function answerWords(answer: RewardPart['ratings'][number]['answer']): string {
  switch (answer.kind) {
    case 'answered':
      return String(answer.value)
    case 'not-applicable':
      return 'does not arise'
    case 'abstained':
      return `abstained (${answer.reason.replaceAll('-', ' ')})`
  }
}
