import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useStudies } from './queries.ts'
import { StudyForm } from './StudyForm.tsx'
import { progressWords } from './study-words.ts'

/** Studies of what help does to people's answers. */
export function StudiesPage() {
  const { project } = useParams({ from: '/p/$project/studies' })
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const studies = useStudies(project)
  const [isSettingUp, setSettingUp] = useState(false)
  usePageTitle('Studies')
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h1 className="text-28">Studies</h1>
        {isAdmin && !isSettingUp ? (
          <Button kind="primary" onClick={() => setSettingUp(true)}>
            Set up a study
          </Button>
        ) : null}
      </div>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Does a critique help people to be right, or a debate? Ask it on questions whose answers are known.
        Everything is fixed before the first answer, and results open when the planned answers are in.
      </p>
      {isSettingUp ? (
        <div className="mb-6">
          <StudyForm project={project} onDone={() => setSettingUp(false)} />
        </div>
      ) : null}
      {studies.isPending ? <Loading what="the studies" rows={3} /> : null}
      {studies.isError ? <Failure error={studies.error} onRetry={() => studies.refetch()} /> : null}
      {studies.data?.length === 0 && !isSettingUp ? (
        <Empty title="No study yet">
          It needs a yes/no question with known answers (<code>leeway gold import</code>), and for each arm
          what it shows: a judge’s claims, or debates.
        </Empty>
      ) : null}
      {studies.data === undefined || studies.data.length === 0 ? null : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {studies.data.map((study) => (
            <li key={study.id} className="px-4 py-3">
              <Link
                to="/p/$project/studies/$studyId"
                params={{ project, studyId: study.id }}
                className="link [overflow-wrap:anywhere]"
                dir="auto"
              >
                {study.name}
              </Link>
              <p className="figures mt-0.5 text-14 text-ink-2">{progressWords(study)}.</p>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
