import type { SplitTree } from '@leeway/contract/splits'
import { useState } from 'react'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { useRubric } from '../rubrics/queries.ts'
import type { Splittable } from './PartFields.tsx'
import { PartsForm } from './PartsForm.tsx'

/** Which question is split: one of a rubric, or one below it. */
export function SplitForm({
  project,
  rubrics,
  trees,
}: {
  readonly project: string
  readonly rubrics: readonly { readonly id: string; readonly name: string; readonly agent: string }[]
  readonly trees: readonly SplitTree[]
}) {
  const [rubric, setRubric] = useState(rubrics[0]?.id ?? '')
  const [whole, setWhole] = useState('')
  const shown = useRubric(project, rubric)
  const own: readonly Splittable[] = (shown.data?.nodes ?? []).flatMap(({ criterion }) =>
    criterion?.scale.kind === 'yes-no' ? [{ ...criterion, good: criterion.scale.good }] : [],
  )
  const below: readonly Splittable[] = trees
    .filter(({ rubricId }) => rubricId === rubric)
    .flatMap(({ nodes }) => nodes)
    .filter(({ sha256 }) => !own.some((one) => one.sha256 === sha256))
  const all = [...own, ...below]
  const chosen = all.find(({ sha256 }) => sha256 === whole)
  const split = trees.flatMap(({ nodes }) => nodes)
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Rubric"
          value={rubric}
          onChange={(event) => {
            setRubric(event.target.value)
            setWhole('')
          }}
        >
          {rubrics.map(({ id, name, agent }) => (
            <option key={id} value={id}>
              {agent}: {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Question to split"
          hint="Those with the answers yes and no, and parts of those."
          value={whole}
          onChange={(event) => setWhole(event.target.value)}
        >
          <option value="">Choose one</option>
          {all.map(({ sha256, question }) => (
            <option key={sha256} value={sha256}>
              {question}
            </option>
          ))}
        </SelectField>
      </div>
      {shown.isError ? <Failure error={shown.error} onRetry={() => shown.refetch()} /> : null}
      {chosen === undefined ? null : (
        <PartsForm
          key={whole}
          project={project}
          rubric={rubric}
          whole={chosen}
          known={all.filter(({ sha256 }) => sha256 !== whole)}
          nodes={split}
        />
      )}
    </div>
  )
}
