import type { CritiqueReport } from '@leeway/contract/critiques'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { CRITIQUE_START, CritiqueForm } from './CritiqueForm.tsx'
import { CurvePanel } from './CurvePanel.tsx'
import { critiqueWords } from './critique-words.ts'
import { useCritiqueReport } from './queries.ts'

/** Whether critiques help the people who answer, as far as it was measured. */
export function CritiquePanel({ project }: { readonly project: string }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const report = useCritiqueReport(project)
  const [isEditing, setEditing] = useState(false)
  const [cost, setCost] = useState<number | null>(null)
  if (report.isPending) return null
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const found: CritiqueReport = report.data
  const missedCost = cost ?? (found.rules ?? CRITIQUE_START).missedCost
  return (
    <Panel
      title="Help by critiques"
      aside={
        isAdmin && !isEditing ? (
          <Button kind="quiet" onClick={() => setEditing(true)}>
            {found.rules === null ? 'Show critiques' : 'Change who is shown them'}
          </Button>
        ) : null
      }
    >
      <ul className="figures max-w-[80ch] space-y-1 text-14">
        {critiqueWords(found).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {isEditing ? (
        <CritiqueForm
          project={project}
          rules={found.rules}
          cost={missedCost}
          setCost={setCost}
          onDone={() => {
            setCost(null)
            setEditing(false)
          }}
        />
      ) : null}
      {isEditing || found.rules !== null ? (
        <CurvePanel curve={found.curve} rules={found.rules} missedCost={missedCost} />
      ) : null}
    </Panel>
  )
}
