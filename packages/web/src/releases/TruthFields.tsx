import { Link } from '@tanstack/react-router'
import { SelectField, TextField } from '../design/Field.tsx'
import { useRubrics } from '../rubrics/queries.ts'
import { OUTCOME, type TruthChoice } from './truth-choice.ts'

const ERROR_HINTS: Readonly<Record<TruthChoice['labelError'], string>> = {
  shared: 'Known answers (gold) say how often. Without them nothing that acts is opened.',
  differential:
    'Finds faults that this very candidate hides from the first raters. Costly and irreversible stakes need it.',
  none: 'Nothing that acts is opened.',
}

const AUDIT_HINTS: Readonly<Record<TruthChoice['auditsBy'], string>> = {
  share: 'Each is drawn with the same probability.',
  allocation:
    'Drawn more often where programs and models leave doubt and a look is quick, for the minutes of that share. Where fewer than 40 earlier answers say what their word is worth, every unit is drawn alike.',
}

function labelErrorNamed(value: string): TruthChoice['labelError'] {
  return value === 'none' || value === 'differential' ? value : 'shared'
}

/** What the gate takes for true: the recorded outcome, or what trusted people answer to a rubric's root. */
export function TruthFields({
  project,
  agent,
  truth,
  onChange,
}: {
  readonly project: string
  readonly agent: string
  readonly truth: TruthChoice
  readonly onChange: (truth: TruthChoice) => void
}) {
  const rubrics = useRubrics(project)
  const own = rubrics.data?.filter((rubric) => rubric.agent === agent) ?? []
  return (
    <fieldset className="space-y-4">
      <SelectField
        label="What counts as the truth"
        hint={
          own.length === 0 ? (
            <>
              To let people answer a question instead,{' '}
              <Link to="/p/$project/rubrics/new" params={{ project }} search={{}} className="link">
                write a rubric
              </Link>{' '}
              first.
            </>
          ) : null
        }
        value={truth.rubric}
        onChange={(event) =>
          onChange(event.target.value === '' ? OUTCOME : { ...truth, rubric: event.target.value })
        }
      >
        <option value="">The recorded outcome of each episode</option>
        {own.map((rubric) => (
          <option key={rubric.id} value={rubric.id}>
            What trusted people answer: {rubric.name}
          </option>
        ))}
      </SelectField>
      {truth.rubric === '' ? null : (
        <>
          <SelectField
            label="People err"
            hint={ERROR_HINTS[truth.labelError]}
            value={truth.labelError}
            onChange={(event) => onChange({ ...truth, labelError: labelErrorNamed(event.target.value) })}
          >
            <option value="shared">Bound their error by known answers</option>
            <option value="differential">Let experts look again at a share</option>
            <option value="none">Take them at their word</option>
          </SelectField>
          <div className="grid gap-4 sm:grid-cols-2">
            {truth.labelError === 'differential' ? (
              <TextField
                label="Share of answers that experts look at again, %"
                hint="Drawn at random, the same for both policies."
                type="number"
                min={5}
                max={100}
                value={truth.secondLookPercent}
                onChange={(event) => onChange({ ...truth, secondLookPercent: Number(event.target.value) })}
              />
            ) : null}
            <TextField
              label="Share of units that people see, %"
              hint="Programs and models speak for the rest."
              type="number"
              min={5}
              max={100}
              value={truth.auditPercent}
              onChange={(event) => onChange({ ...truth, auditPercent: Number(event.target.value) })}
            />
            {truth.auditPercent < 100 ? (
              <SelectField
                label="Which units"
                hint={AUDIT_HINTS[truth.auditsBy]}
                value={truth.auditsBy}
                onChange={(event) =>
                  onChange({
                    ...truth,
                    auditsBy: event.target.value === 'allocation' ? 'allocation' : 'share',
                  })
                }
              >
                <option value="share">Any, alike</option>
                <option value="allocation">Audits by allocation: those that tell most</option>
              </SelectField>
            ) : null}
            <TextField
              label="Tools whose calls matter (optional)"
              hint="Pairs that do the same with them need no answers."
              value={truth.consequential}
              placeholder="issue_refund, cancel_*"
              onChange={(event) => onChange({ ...truth, consequential: event.target.value })}
            />
          </div>
        </>
      )}
    </fieldset>
  )
}
