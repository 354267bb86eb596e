import type { FormReport } from '@leeway/contract/question-forms'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { useSetFormRule } from './queries.ts'

const START = { share: 0.3, knownShare: 0.5, plantedShare: 0.5 }

/** Which share of the answers to one question are checks. */
export function FormRuleForm({
  project,
  questions,
  onDone,
}: {
  readonly project: string
  readonly questions: FormReport['questions']
  readonly onDone: () => void
}) {
  const [sha256, setSha256] = useState(
    (questions.find(({ rule }) => rule !== null) ?? questions[0])?.criterionSha256 ?? '',
  )
  const chosen = questions.find(({ criterionSha256 }) => criterionSha256 === sha256)
  return (
    <div className="mt-4 space-y-3">
      <SelectField label="Question" value={sha256} onChange={(event) => setSha256(event.target.value)}>
        {questions.map(({ criterionSha256, question }) => (
          <option key={criterionSha256} value={criterionSha256}>
            {question}
          </option>
        ))}
      </SelectField>
      <Shares
        key={sha256}
        project={project}
        criterionSha256={sha256}
        from={chosen?.rule ?? START}
        onDone={onDone}
      />
    </div>
  )
}

function Shares({
  project,
  criterionSha256,
  from,
  onDone,
}: {
  readonly project: string
  readonly criterionSha256: string
  readonly from: typeof START
  readonly onDone: () => void
}) {
  const [share, setShare] = useState(percent(from.share))
  const [known, setKnown] = useState(percent(from.knownShare))
  const [planted, setPlanted] = useState(percent(from.plantedShare))
  const save = useSetFormRule(project)
  return (
    <form
      className="grid gap-3 sm:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault()
        const shares = {
          share: Number(share) / 100,
          knownShare: Number(known) / 100,
          plantedShare: Number(planted) / 100,
        }
        save.mutate({ criterionSha256, ...shares }, { onSuccess: onDone })
      }}
    >
      <Percent
        label="Checks, % of answers"
        hint="At most half. 0 asks for none."
        max={50}
        value={share}
        onChange={setShare}
      />
      <Percent
        label="On known items, % of checks"
        hint="Where there are some."
        max={100}
        value={known}
        onChange={setKnown}
      />
      <Percent
        label="Of those, % with a wrong answer"
        hint="Made up, to see who accepts it."
        max={100}
        value={planted}
        onChange={setPlanted}
      />
      <div className="flex items-end gap-2 sm:col-span-3">
        <Button type="submit" kind="primary" disabled={save.isPending || criterionSha256 === ''}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
    </form>
  )
}

function Percent({
  label,
  hint,
  max,
  value,
  onChange,
}: {
  readonly label: string
  readonly hint: string
  readonly max: number
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <TextField
      label={label}
      hint={hint}
      type="number"
      min={0}
      max={max}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

const percent = (share: number) => String(Math.round(100 * share))
