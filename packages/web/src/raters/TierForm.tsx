import type { RaterCard } from '@leeway/contract/raters'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { useSetTier } from './queries.ts'

const TIERS = {
  trainee: 'Trainee: answers predict, they decide nothing',
  vetted: 'Vetted: answers are the truth of releases by criterion',
  expert: 'Expert: as vetted, and decides what others disagree on',
  suspended: 'Suspended: is asked nothing',
} as const

/** How far a rater is trusted, and why. Only admins change it; the ledger keeps who and when. */
export function TierForm({ project, rater }: { readonly project: string; readonly rater: RaterCard }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const [tier, setTier] = useState(rater.tier)
  const [reason, setReason] = useState('')
  const save = useSetTier(project, rater.id)
  if (!isAdmin || rater.kind !== 'human') return null
  return (
    <Panel title="Trust">
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ tier, reason }, { onSuccess: () => setReason('') })
        }}
      >
        <SelectField
          label="Tier"
          value={tier}
          onChange={(event) => setTier(event.target.value as typeof tier)}
        >
          {Object.entries(TIERS).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Why"
          value={reason}
          required
          minLength={3}
          onChange={(event) => setReason(event.target.value)}
        />
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" disabled={tier === rater.tier || reason.trim().length < 3 || save.isPending}>
          {save.isPending ? 'Saving…' : 'Change the tier'}
        </Button>
      </form>
    </Panel>
  )
}
