import type { PlantedFault } from '@leeway/contract/planted-faults'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { useRubrics } from '../rubrics/queries.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ValidityPanel } from '../validity/ValidityPanel.tsx'
import { useVetting } from '../vetting/queries.ts'
import { CaughtTable } from './CaughtTable.tsx'
import { ChangePanel } from './ChangePanel.tsx'
import { PlantedRequestsPanel } from './PlantedRequestsPanel.tsx'
import { PlantForm } from './PlantForm.tsx'
import { usePlantedFaults } from './queries.ts'

/** Copies of episodes with a known fault, for raters to find without being told. Only admins get here. */
export function PlantedFaultsPage() {
  const { project } = useParams({ from: '/p/$project/planted-faults' })
  const report = usePlantedFaults(project)
  const rubrics = useRubrics(project)
  const vetting = useVetting(project)
  usePageTitle('Planted faults')
  if (report.isPending) return <Loading what="the planted faults" rows={8} />
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { items } = report.data
  const comes = vetting.data === undefined || (vetting.data.rules?.hiddenShare ?? 0) > 0
  return (
    <>
      <h1 className="text-28">Planted faults</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Copies of real episodes with one known fault each. Those that somebody accepted come among a rater’s
        known questions, unmarked and in the place of their original, and count as skill alone.
      </p>
      {comes ? null : (
        <p className="mb-4 max-w-[70ch]" role="note">
          None comes now: no known questions are mixed in. Set their share on the raters page.
        </p>
      )}
      <div className="space-y-4">
        {rubrics.data === undefined || rubrics.data.length === 0 ? null : (
          <Panel title="Plant a fault">
            <PlantForm project={project} rubrics={rubrics.data} />
          </Panel>
        )}
        <CaughtTable project={project} report={report.data} />
        <ValidityPanel project={project} />
        <PlantedRequestsPanel project={project} />
        {items.length === 0 ? (
          <Empty title="No fault is planted yet">
            Plant one above. Nothing is shown to raters before somebody has looked at each copy.
          </Empty>
        ) : (
          <Panel title="Copies">
            <ul className="divide-y divide-line">
              {items.map((fault) => (
                <Copy key={fault.id} project={project} fault={fault} />
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </>
  )
}

const STATE = {
  waiting: 'Waits for somebody to look',
  accepted: 'Accepted',
  rejected: 'Rejected',
  'without-text': 'Its text was erased',
} as const satisfies Record<PlantedFault['state'], string>

function Copy({ project, fault }: { readonly project: string; readonly fault: PlantedFault }) {
  const [isOpen, setOpen] = useState(false)
  const { id, operator, step, state, drawn, answers, caught } = fault
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="figures text-14">
          {OPERATORS[operator].title}, step {step}
          <span className="block text-ink-2">
            {STATE[state]}.
            {drawn === 0
              ? ''
              : ` Drawn for ${formatCountOf(drawn, 'rater')}, caught in ${caught} of ${formatCountOf(answers, 'answer')}.`}
          </span>
        </p>
        {state === 'without-text' ? null : (
          <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close' : 'Look'}
          </Button>
        )}
      </div>
      {isOpen ? (
        <div className="mt-3">
          <ChangePanel project={project} planted={id} />
        </div>
      ) : null}
    </li>
  )
}
