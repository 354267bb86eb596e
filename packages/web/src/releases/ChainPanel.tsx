import type { ChainLink } from '@leeway/contract/supervision'
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { AccuracyBar } from '../raters/AccuracyBar.tsx'
import { barWords, groundWords, linkFacts, recordWords } from './chain-words.ts'
import { useChain } from './queries.ts'

/** Who vouches for whom, from the anchor down to the candidate. Not shown where nobody does and nothing asks for it. */
export function ChainPanel({
  project,
  releaseId,
  isOpen,
}: {
  readonly project: string
  readonly releaseId: string
  readonly isOpen: boolean
}) {
  const chain = useChain(project, releaseId, isOpen)
  if (chain.data === undefined)
    return chain.isError ? <Failure error={chain.error} onRetry={chain.refetch} /> : null
  const { bar, ground, links } = chain.data
  if (bar === null && links.every(({ supervisor }) => supervisor === null)) return null
  return (
    <Panel title="Who vouches for whom">
      <p className="max-w-[75ch] text-12 text-ink-2">{barWords(bar)}</p>
      <ol className="mt-3">
        {ground.policy === null ? null : <Agent name={ground.policy} words={groundWords(ground)} />}
        {links.map((link, index) => (
          <Fragment key={link.releaseId}>
            <LinkBetween project={project} link={link} isOwn={index === links.length - 1} />
            <Agent name={link.charge} words={index === links.length - 1 ? 'the candidate' : 'promoted'} />
          </Fragment>
        ))}
      </ol>
    </Panel>
  )
}

function Agent({ name, words }: { readonly name: string; readonly words: string }) {
  return (
    <li className="flex items-baseline gap-2">
      <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full bg-accent" />
      <span>
        <bdi className="font-semibold">{name}</bdi> <span className="text-12 text-ink-2">{words}</span>
      </span>
    </li>
  )
}

/** The rail between two agents, with what the upper one's word about the lower one is worth. */
function LinkBetween({
  project,
  link,
  isOwn,
}: {
  readonly project: string
  readonly link: ChainLink
  readonly isOwn: boolean
}) {
  const { supervisor, catchRate, releaseId } = link
  const record = recordWords(link)
  return (
    <li className="ms-1 border-s border-line-strong py-3 ps-4">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {supervisor === null ? (
          'Nobody supervises'
        ) : (
          <span>
            supervises, as rater{' '}
            <Link
              to="/p/$project/raters/$raterId"
              params={{ project, raterId: supervisor.raterId }}
              className="link"
            >
              <bdi>{supervisor.rater}</bdi>
            </Link>
            {isOwn ? null : (
              <>
                , in{' '}
                <Link to="/p/$project/releases/$releaseId" params={{ project, releaseId }} className="link">
                  <bdi>{link.handle}</bdi>
                </Link>
              </>
            )}
          </span>
        )}
        <HoldsMark holds={link.holds} />
        {catchRate.estimate === null ? null : (
          <AccuracyBar accuracy={{ ...catchRate, estimate: catchRate.estimate }} words="Caught" />
        )}
      </p>
      {link.holds === false || supervisor === null ? (
        <p className="mt-1 max-w-[75ch]" dir="auto">
          {link.sentence}
        </p>
      ) : null}
      {supervisor === null ? null : (
        <dl className="figures mt-2 grid gap-x-4 gap-y-0.5 text-12 sm:grid-cols-[8rem_minmax(0,1fr)]">
          {linkFacts(link).map(([name, fact]) => (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd className="max-sm:mb-1">{fact}</dd>
            </div>
          ))}
          {link.named ? (
            <div className="contents">
              <dt className="text-ink-2">Named because</dt>
              <dd dir="auto">{link.reason}</dd>
            </div>
          ) : null}
        </dl>
      )}
      {record === null ? null : <p className="mt-1 text-12 text-ink-2">{record}</p>}
    </li>
  )
}

function HoldsMark({ holds }: Pick<ChainLink, 'holds'>) {
  if (holds === null) return null
  return holds ? <StateMark state="promote" word="Holds" /> : <StateMark state="hold" word="Does not hold" />
}
