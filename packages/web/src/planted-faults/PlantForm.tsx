import type { RubricView } from '@leeway/contract/rubrics'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { OPERATOR_NAMES, type OperatorName } from '@leeway/core/planted-faults/operator'
import { optionsOf } from '@leeway/core/rubrics/scale'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { useRubric } from '../rubrics/queries.ts'
import { usePlantFaults } from './queries.ts'

const EPISODES_MAX = 200

/** Which fault into copies of how many episodes, and which question it breaks. */
export function PlantForm({
  project,
  rubrics,
}: {
  readonly project: string
  readonly rubrics: readonly { readonly id: string; readonly name: string; readonly agent: string }[]
}) {
  const [rubric, setRubric] = useState(rubrics[0]?.id ?? '')
  const shown = useRubric(project, rubric)
  return (
    <div className="space-y-3">
      <SelectField label="Rubric" value={rubric} onChange={(event) => setRubric(event.target.value)}>
        {rubrics.map(({ id, name, agent }) => (
          <option key={id} value={id}>
            {agent}: {name}
          </option>
        ))}
      </SelectField>
      {shown.isError ? <Failure error={shown.error} onRetry={() => shown.refetch()} /> : null}
      {shown.data === undefined ? null : <FaultForm key={rubric} project={project} rubric={shown.data} />}
    </div>
  )
}

function FaultForm({ project, rubric }: { readonly project: string; readonly rubric: RubricView }) {
  const questions = rubric.nodes.flatMap(({ criterion }) =>
    criterion?.answeredBy.includes('human') ? [criterion] : [],
  )
  const [criterion, setCriterion] = useState(questions[0]?.id ?? '')
  const [operator, setOperator] = useState<OperatorName>('invent-fact')
  const [value, setValue] = useState('')
  const [many, setMany] = useState('50')
  const plant = usePlantFaults(project)
  const asked = questions.find(({ id }) => id === criterion)
  const options = asked === undefined ? null : optionsOf(asked.scale)
  if (questions.length === 0)
    return <p className="text-14 text-ink-2">This rubric has no question for people.</p>
  return (
    <form
      className="grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        plant.mutate({
          rubric: rubric.id,
          criterion,
          operator,
          value,
          agent: rubric.agent,
          many: Number(many),
        })
      }}
    >
      <SelectField
        label="Fault"
        value={operator}
        onChange={(event) => setOperator(event.target.value as OperatorName)}
      >
        {OPERATOR_NAMES.map((name) => (
          <option key={name} value={name}>
            {OPERATORS[name].title}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Question that it breaks"
        value={criterion}
        onChange={(event) => {
          setCriterion(event.target.value)
          setValue('')
        }}
      >
        {questions.map(({ id, question }) => (
          <option key={id} value={id}>
            {question}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Right answer on the copies"
        value={value}
        required
        onChange={(event) => setValue(event.target.value)}
      >
        <option value="">Choose one</option>
        {(options ?? []).map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Newest episodes to copy"
        hint="Copies only where there is a place for the fault."
        type="number"
        min={1}
        max={EPISODES_MAX}
        required
        value={many}
        onChange={(event) => setMany(event.target.value)}
      />
      <div className="sm:col-span-2">
        <Button type="submit" kind="primary" disabled={value === '' || plant.isPending}>
          {plant.isPending ? 'Planting…' : 'Plant'}
        </Button>
        {plant.data === undefined ? null : (
          <p className="figures mt-2 text-14" role="status">
            {formatCountOf(plant.data.planted.length, 'copy', 'copies')} made,{' '}
            {formatCountOf(plant.data.skipped.length, 'episode')} left out
            {plant.data.skipped[0] === undefined ? '.' : `, such as: ${plant.data.skipped[0].reason}.`}
          </p>
        )}
      </div>
      {plant.isError ? <Failure error={plant.error} /> : null}
    </form>
  )
}
