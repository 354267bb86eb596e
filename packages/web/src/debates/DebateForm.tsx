import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { useRaters } from '../raters/queries.ts'
import { useRubric, useRubrics } from '../rubrics/queries.ts'
import { useSetUpDebate } from './queries.ts'

/** Sets up a debate: a question on an episode, who speaks, who judges. Sides are drawn by the server. */
export function DebateForm({
  project,
  episode: given,
  onDone,
}: {
  readonly project: string
  readonly episode: string
  readonly onDone: () => void
}) {
  const rubrics = useRubrics(project).data ?? []
  const sitters = (useRaters(project).data?.items ?? []).filter(({ kind }) => kind !== 'program')
  const [rubric, setRubric] = useState('')
  const chosen = rubric || (rubrics[0]?.id ?? '')
  const [criterion, setCriterion] = useState('')
  const [episode, setEpisode] = useState(given)
  const [kind, setKind] = useState<'debate' | 'consultancy'>('debate')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [judge, setJudge] = useState('')
  const [rounds, setRounds] = useState('3')
  const [judgeSees, setJudgeSees] = useState<'quotes' | 'episode'>('quotes')
  const setUp = useSetUpDebate(project)
  const seat = (value: string) => (value === '' ? null : value)
  return (
    <form
      className="grid gap-3 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-3"
      aria-label="Set up a debate"
      onSubmit={(event) => {
        event.preventDefault()
        setUp.mutate(
          {
            kind,
            rubric: chosen,
            criterion,
            episode: episode.trim(),
            speakers: kind === 'debate' ? [seat(first), seat(second)] : [seat(first)],
            judge: seat(judge),
            rounds: Number(rounds),
            judgeSees,
          },
          { onSuccess: onDone },
        )
      }}
    >
      <SelectField label="Rubric" value={chosen} onChange={(event) => setRubric(event.target.value)}>
        {rubrics.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}, version {one.version}
          </option>
        ))}
      </SelectField>
      {chosen === '' ? null : (
        <CriterionField project={project} rubric={chosen} value={criterion} onChange={setCriterion} />
      )}
      <TextField
        label="Episode"
        hint="Its id; the page of an episode links here with it."
        required
        className="font-mono"
        value={episode}
        onChange={(event) => setEpisode(event.target.value)}
      />
      <SelectField
        label="How"
        value={kind}
        onChange={(event) => setKind(event.target.value as 'debate' | 'consultancy')}
      >
        <option value="debate">Debate: one speaker for each answer</option>
        <option value="consultancy">Consultancy: one speaker, whose answer is drawn</option>
      </SelectField>
      <SitterField label="First speaker" sitters={sitters} value={first} onChange={setFirst} />
      {kind === 'debate' ? (
        <SitterField label="Second speaker" sitters={sitters} value={second} onChange={setSecond} />
      ) : null}
      <SitterField label="Judge" sitters={sitters} value={judge} onChange={setJudge} />
      <TextField
        label="Rounds at most"
        type="number"
        min={1}
        max={10}
        required
        value={rounds}
        onChange={(event) => setRounds(event.target.value)}
      />
      <SelectField
        label="The judge reads"
        value={judgeSees}
        onChange={(event) => setJudgeSees(event.target.value as 'quotes' | 'episode')}
      >
        <option value="quotes">what speakers quote</option>
        <option value="episode">the episode too</option>
      </SelectField>
      <div className="flex items-end gap-2">
        <Button type="submit" kind="primary" disabled={setUp.isPending || criterion === ''}>
          {setUp.isPending ? 'Setting up…' : 'Set up'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {setUp.isError ? (
        <div className="sm:col-span-full">
          <Failure error={setUp.error} />
        </div>
      ) : null}
    </form>
  )
}

function CriterionField({
  project,
  rubric,
  value,
  onChange,
}: {
  readonly project: string
  readonly rubric: string
  readonly value: string
  readonly onChange: (criterion: string) => void
}) {
  const nodes = useRubric(project, rubric).data?.nodes ?? []
  // Only a question with answers to choose from can be argued about.
  const questions = nodes.flatMap(({ id, criterion }) =>
    criterion !== null && (criterion.scale.kind === 'yes-no' || criterion.scale.kind === 'ordinal')
      ? [{ id, question: criterion.question }]
      : [],
  )
  return (
    <SelectField label="Question" required value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Choose one</option>
      {questions.map(({ id, question }) => (
        <option key={id} value={id}>
          {question}
        </option>
      ))}
    </SelectField>
  )
}

function SitterField({
  label,
  sitters,
  value,
  onChange,
}: {
  readonly label: string
  readonly sitters: readonly { readonly id: string; readonly name: string; readonly kind: string }[]
  readonly value: string
  readonly onChange: (rater: string) => void
}) {
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Free: the first person who wants to</option>
      {sitters.map(({ id, name, kind }) => (
        <option key={id} value={id}>
          {name} ({kind === 'human' ? 'person' : kind})
        </option>
      ))}
    </SelectField>
  )
}
