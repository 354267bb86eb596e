import type { SaveSplit, SplitNode } from '@leeway/contract/splits'
import type { z } from 'zod'
import { SelectField, TextField } from '../design/Field.tsx'

/** A question with yes and no, of a rubric or below one. */
export type Splittable = Pick<SplitNode, 'sha256' | 'question' | 'guidance' | 'good' | 'answeredBy'>
export type NewPart = Readonly<z.output<typeof SaveSplit>['parts'][number]>

/** One part: words of its own, or those of a question that is there, whose answers it keeps. */
export function PartFields({
  place,
  part,
  known,
  onChange,
  onTake,
}: {
  readonly place: number
  readonly part: NewPart
  readonly known: readonly Splittable[]
  readonly onChange: (part: NewPart) => void
  readonly onTake: (sha256: string) => void
}) {
  const taken = known.find(
    ({ question, guidance, good }) =>
      question === part.question && guidance === part.guidance && good === part.good,
  )
  return (
    <li className="grid gap-3 rounded-md border border-line p-3 sm:grid-cols-[minmax(0,3fr)_minmax(0,1fr)]">
      <TextField
        label={`Part ${place + 1}`}
        maxLength={1000}
        value={part.question}
        onChange={(event) => onChange({ ...part, question: event.target.value })}
      />
      <SelectField
        label="It holds with"
        value={part.good}
        onChange={(event) => onChange({ ...part, good: event.target.value === 'no' ? 'no' : 'yes' })}
      >
        <option value="yes">yes</option>
        <option value="no">no</option>
      </SelectField>
      <TextField
        label="How to decide"
        maxLength={4000}
        value={part.guidance}
        onChange={(event) => onChange({ ...part, guidance: event.target.value })}
      />
      <SelectField
        label="Or a question that is there"
        value={taken?.sha256 ?? ''}
        onChange={(event) => onTake(event.target.value)}
      >
        <option value="">New words</option>
        {known.map(({ sha256, question }) => (
          <option key={sha256} value={sha256}>
            {question}
          </option>
        ))}
      </SelectField>
    </li>
  )
}
