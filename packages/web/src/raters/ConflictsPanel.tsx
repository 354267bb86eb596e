import type { RaterCard } from '@leeway/contract/raters'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { useAgents } from '../episodes/queries.ts'
import { useSetConflict } from './queries.ts'

/** Agents that this person may not judge. Only admins change it; the ledger keeps who and when. */
export function ConflictsPanel({ project, rater }: { readonly project: string; readonly rater: RaterCard }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const agents = useAgents(project)
  const save = useSetConflict(project, rater.id)
  const [agent, setAgent] = useState('')
  const [reason, setReason] = useState('')
  if (rater.kind !== 'human' || (!isAdmin && rater.conflicts.length === 0)) return null
  const others = (agents.data ?? []).filter(
    ({ name }) => !rater.conflicts.some((conflict) => conflict.agent === name),
  )
  return (
    <Panel title="May not judge">
      {rater.conflicts.length === 0 ? (
        <p className="text-14 text-ink-2">Nothing: this person is asked about every agent.</p>
      ) : (
        <ul className="space-y-2 text-14">
          {rater.conflicts.map((conflict) => (
            <li key={conflict.agent} className="flex flex-wrap items-baseline justify-between gap-2">
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <bdi className="font-semibold">{conflict.agent}</bdi>: <bdi>{conflict.reason}</bdi>
              </span>
              {isAdmin ? (
                <Button
                  size="small"
                  disabled={save.isPending}
                  onClick={() =>
                    save.mutate({ agent: conflict.agent, excluded: false, reason: 'The conflict is over.' })
                  }
                >
                  Allow again
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {isAdmin && others.length > 0 ? (
        <form
          className="mt-4 space-y-3"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate(
              { agent, excluded: true, reason },
              {
                onSuccess: () => {
                  setAgent('')
                  setReason('')
                },
              },
            )
          }}
        >
          <SelectField label="Agent" value={agent} onChange={(event) => setAgent(event.target.value)}>
            <option value="">Choose one</option>
            {others.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Reason"
            hint="Such as: built it, or answers for it."
            value={reason}
            required
            minLength={3}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="submit" disabled={agent === '' || reason.trim().length < 3 || save.isPending}>
            {save.isPending ? 'Saving…' : 'Ask nothing about it any more'}
          </Button>
        </form>
      ) : null}
      {save.isError ? <Failure error={save.error} /> : null}
    </Panel>
  )
}
