import type { StudyView } from '@leeway/contract/studies'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { CopyButton } from '../design/CopyButton.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatDuration } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useStopStudy, useStudy } from './queries.ts'
import {
  ARM_WORDS,
  differenceWords,
  modelCostWords,
  powerWords,
  progressWords,
  reportWords,
  rightWords,
  surenessWords,
} from './study-words.ts'

/** A study: what was fixed, how far it is, and once it is over what it shows. */
export function StudyPage() {
  const { project, studyId } = useParams({ from: '/p/$project/studies/$studyId' })
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const study = useStudy(project, studyId)
  usePageTitle(study.data?.summary.name ?? 'Study')
  if (study.isPending) return <Loading what="the study" rows={8} />
  if (study.isError) return <Failure error={study.error} onRetry={() => study.refetch()} />
  const { summary, report, counts, expected, consent, sha256, seed } = study.data
  return (
    <>
      <p className="text-14">
        <Link to="/p/$project/studies" params={{ project }} className="link">
          Studies
        </Link>
      </p>
      <h1 className="mt-1 max-w-[60ch] text-28 [overflow-wrap:anywhere]" dir="auto">
        {summary.name}
      </h1>
      <p className="mt-1 max-w-[75ch]" dir="auto">
        {summary.question}
      </p>
      <p className="figures mt-3 text-16 font-semibold">{progressWords(summary)}.</p>
      {report === null ? (
        <p className="mt-1 max-w-[75ch] text-14 text-ink-2">
          Results open when the planned answers are in: whoever looks early and stops at will finds what is
          not there. So far {counts.map(({ arm, answers }) => `${answers} ${ARM_WORDS[arm]}`).join(', ')}.
        </p>
      ) : (
        <div className="mt-3 max-w-[80ch] space-y-2">
          {reportWords(study.data).map((sentence) => (
            <p key={sentence} className="figures" dir="auto">
              {sentence}
            </p>
          ))}
        </div>
      )}
      {report === null ? null : <ReportTable report={report} />}
      <div className="mt-6 grid gap-3 lg:grid-cols-2">
        <Panel title="Fixed before the first answer">
          <dl className="figures space-y-1 text-14">
            <Fact name="Question to raters">{summary.criterion}</Fact>
            <Fact name="Arms">
              {summary.arms
                .map((arm, at) => `${ARM_WORDS[arm]}${at === 0 ? ' (the control)' : ''}`)
                .join('; ')}
            </Fact>
            <Fact name="Size">
              {`${summary.raters} people, ${summary.itemsPerRater} of ${summary.items} items each. `}
              {powerWords({
                raters: summary.raters,
                itemsPerRater: summary.itemsPerRater,
                items: summary.items,
                arms: summary.arms.length,
                ...expected,
              })}
            </Fact>
            <Fact name="Analysis">
              Share right in each arm less that of the control, once, when all planned answers are in.
            </Fact>
            <Fact name="Draws">
              Help is drawn for each person and item, in blocks,{' '}
              {seed === null ? 'by a secret seed, which is shown when the study is over.' : 'by this seed:'}
              {seed === null ? null : <Digits value={seed} what="seed" />}
            </Fact>
            <Fact name="Hash, in the ledger">
              <Digits value={sha256} what="hash" />
            </Fact>
          </dl>
        </Panel>
        <Panel title="What people agree to">
          <p className="max-w-[70ch] text-14 whitespace-pre-wrap" dir="auto">
            {consent}
          </p>
          {isAdmin && summary.state === 'open' ? <Stop project={project} study={summary.id} /> : null}
        </Panel>
      </div>
    </>
  )
}

/** Its beginning, to tell it apart; whoever checks with it copies the whole. */
function Digits({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="font-mono text-12">{value.slice(0, 16)}…</span>
      <CopyButton value={value} what={what} />
    </span>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-12 font-semibold text-ink-2">{name}</dt>
      <dd className="[overflow-wrap:anywhere]" dir="auto">
        {children}
      </dd>
    </div>
  )
}

function ReportTable({ report }: { readonly report: NonNullable<StudyView['report']> }) {
  const head = 'px-4 py-2 text-start font-semibold'
  return (
    <WideTable label="What each arm gave" className="mt-5 rounded-lg border border-line bg-surface">
      <table className="figures w-full text-14">
        <thead className="text-12 text-ink-2">
          <tr>
            <th className={head}>Arm</th>
            <th className={head}>Answers</th>
            <th className={head}>Right</th>
            <th className={head}>Less the control</th>
            <th className={head}>How sure</th>
            <th className={head}>Median time</th>
            <th className={head}>Models, an answer</th>
            <th className={head}>First answers mended, spoilt</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {report.map((arm) => (
            <tr key={arm.arm}>
              <th scope="row" className="px-4 py-2 text-start font-medium">
                {ARM_WORDS[arm.arm]}
              </th>
              <td className="px-4 py-2 whitespace-nowrap">
                {arm.answers} by {arm.raters} people
              </td>
              <td className="px-4 py-2 whitespace-nowrap">{rightWords(arm)}</td>
              <td className="px-4 py-2 whitespace-nowrap">{differenceWords(arm)}</td>
              <td className="px-4 py-2 whitespace-nowrap">{surenessWords(arm)}</td>
              <td className="px-4 py-2 whitespace-nowrap">
                {arm.medianSeconds === null ? '–' : formatDuration(arm.medianSeconds * 1000)}
              </td>
              <td className="px-4 py-2 whitespace-nowrap">{modelCostWords(arm)}</td>
              <td className="px-4 py-2">
                {arm.arm === 'critique' || arm.arm === 'decomposition' ? `${arm.mended}, ${arm.spoilt}` : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}

function Stop({ project, study }: { readonly project: string; readonly study: string }) {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const stop = useStopStudy(project, study)
  if (!isAsking)
    return (
      <p className="mt-4">
        <Button kind="danger" onClick={() => setAsking(true)}>
          Stop the study…
        </Button>
      </p>
    )
  return (
    <form
      className="mt-4 space-y-2"
      onSubmit={(event) => {
        event.preventDefault()
        stop.mutate(reason)
      }}
    >
      <TextField
        label="Why it is stopped before its planned answers are in"
        hint="The report opens, and says that it was stopped and why."
        required
        minLength={3}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <p className="flex gap-2">
        <Button type="submit" kind="danger" disabled={stop.isPending}>
          Stop for good
        </Button>
        <Button kind="quiet" onClick={() => setAsking(false)}>
          Go on with it
        </Button>
      </p>
      {stop.isError ? <Failure error={stop.error} /> : null}
    </form>
  )
}
