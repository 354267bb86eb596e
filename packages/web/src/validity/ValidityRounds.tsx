import type { ValidityReport } from '@leeway/contract/validity'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { useEndValidityRound } from './queries.ts'

type Round = ValidityReport['rounds'][number]

/** Every round, the newest first, with the seed that its draws can be computed from once it has ended. */
export function ValidityRounds({
  project,
  rounds,
}: {
  readonly project: string
  readonly rounds: readonly Round[]
}) {
  return (
    <ul className="mt-4 divide-y divide-line border-t border-line">
      {rounds.map((round) => (
        <OneRound key={round.id} project={project} round={round} />
      ))}
    </ul>
  )
}

function OneRound({ project, round }: { readonly project: string; readonly round: Round }) {
  const [isEnding, setEnding] = useState(false)
  const [reason, setReason] = useState('')
  const end = useEndValidityRound(project, round.id)
  const { operator, people, answers, openedAt, ended, seed } = round
  return (
    <li className="py-3 text-14">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="figures">
          {operator === null ? 'All faults' : OPERATORS[operator].title}, opened <Time at={openedAt} />:{' '}
          {formatCountOf(people, 'person', 'people')}, {formatCountOf(answers, 'guess', 'guesses')}.
          {ended === null ? null : (
            <span className="block text-ink-2">
              Ended <Time at={ended.at} />: <span dir="auto">{ended.reason}</span>
            </span>
          )}
        </p>
        {ended === null && !isEnding ? (
          <Button size="small" onClick={() => setEnding(true)}>
            End it
          </Button>
        ) : null}
      </div>
      {seed === null ? null : (
        <p className="mt-1 font-mono text-12 text-ink-2 [overflow-wrap:anywhere]">Seed {seed}</p>
      )}
      {isEnding && ended === null ? (
        <form
          className="mt-2 flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            end.mutate(reason)
          }}
        >
          <div className="min-w-60 flex-1">
            <TextField
              label="Why it ends"
              value={reason}
              required
              minLength={3}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
          <Button type="submit" disabled={reason.trim().length < 3 || end.isPending}>
            End the round
          </Button>
          <Button kind="quiet" onClick={() => setEnding(false)}>
            Cancel
          </Button>
        </form>
      ) : null}
      {end.isError ? <Failure error={end.error} /> : null}
    </li>
  )
}
