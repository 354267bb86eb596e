import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { useRubrics } from '../rubrics/queries.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useSplits } from './queries.ts'
import { SplitForm } from './SplitForm.tsx'
import { SplitRulesForm } from './SplitRulesForm.tsx'
import { SplitTreePanel } from './SplitTreePanel.tsx'
import { armsWords, rulesWords } from './split-words.ts'

/** Questions put as several smaller ones: how often each is right, and who erred where they differ. */
export function SplitsPage() {
  const { project } = useParams({ from: '/p/$project/splits' })
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const report = useSplits(project)
  const rubrics = useRubrics(project)
  const [isEditing, setEditing] = useState(false)
  usePageTitle('Split questions')
  if (report.isPending) return <Loading what="the split questions" rows={8} />
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { trees, rules, arms } = report.data
  return (
    <>
      <h1 className="text-28">Split questions</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        A question can be put as several smaller ones, answered by others or by a model, and those may be
        split again. Whoever answers the whole sees what they say after a first answer. Every question keeps
        answers of its own, so an error can be traced to where it was made.
      </p>
      <div className="space-y-4">
        <Panel
          title="Limits, and who is shown the parts"
          aside={
            isAdmin && !isEditing ? (
              <Button kind="quiet" onClick={() => setEditing(true)}>
                {rules === null ? 'Set limits' : 'Change them'}
              </Button>
            ) : null
          }
        >
          <p className="figures max-w-[80ch] text-14">{rulesWords(report.data)}</p>
          {isEditing ? (
            <SplitRulesForm project={project} rules={rules} onDone={() => setEditing(false)} />
          ) : null}
        </Panel>
        {arms.every(({ answers }) => answers === 0) ? null : (
          <Panel title="What the parts did to answers">
            <ul className="figures max-w-[80ch] space-y-1 text-14">
              {armsWords(report.data).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Panel>
        )}
        {trees.length === 0 ? (
          <Empty title="No question is split">
            {isAdmin
              ? 'Split one below. Known answers of the whole and of the parts show whether it would hurt.'
              : 'An admin of the project can split one.'}
          </Empty>
        ) : (
          trees.map((tree) => <SplitTreePanel key={tree.id} project={project} tree={tree} />)
        )}
        {isAdmin && rubrics.data !== undefined && rubrics.data.length > 0 ? (
          <Panel title="Split a question">
            <SplitForm project={project} rubrics={rubrics.data} trees={trees} />
          </Panel>
        ) : null}
      </div>
    </>
  )
}
