import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import type { OperatorName } from '@leeway/core/planted-faults/operator'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea, TextField } from '../design/Field.tsx'
import { useOpenValidityRound } from './queries.ts'

const CONSENT =
  'Your guesses are kept, with your name, and used to say whether planted faults are a fair test. They say nothing of how well you review.'

/** Which faults people are asked about, how many each, and what they agree to. */
export function ValidityForm({
  project,
  operators,
  onDone,
}: {
  readonly project: string
  readonly operators: readonly OperatorName[]
  readonly onDone: () => void
}) {
  const [operator, setOperator] = useState<OperatorName | ''>('')
  const [questions, setQuestions] = useState('20')
  const [consent, setConsent] = useState(CONSENT)
  const open = useOpenValidityRound(project)
  return (
    <form
      className="grid gap-3 rounded-md border border-line p-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        open.mutate(
          { operator: operator === '' ? null : operator, questions: Number(questions), consent },
          { onSuccess: onDone },
        )
      }}
    >
      <SelectField
        label="Fault"
        value={operator}
        onChange={(event) => setOperator(event.target.value as OperatorName | '')}
      >
        <option value="">All that have copies</option>
        {operators.map((name) => (
          <option key={name} value={name}>
            {OPERATORS[name].title}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Faults for each person, at most"
        hint="Half of them are natural. Nobody meets again what they saw here."
        type="number"
        min={4}
        max={100}
        required
        value={questions}
        onChange={(event) => setQuestions(event.target.value)}
      />
      <div className="sm:col-span-2">
        <TextArea
          label="What people agree to"
          value={consent}
          required
          minLength={20}
          onChange={(event) => setConsent(event.target.value)}
        />
      </div>
      {open.isError ? <Failure error={open.error} /> : null}
      <p className="flex gap-2 sm:col-span-2">
        <Button type="submit" kind="primary" disabled={open.isPending}>
          {open.isPending ? 'Opening…' : 'Open the round'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </p>
    </form>
  )
}
