import { useEffect, useState } from 'react'
import { SelectField, TextField } from '../design/Field.tsx'
import { type EpisodeFilter, useAgents, usePolicies } from './queries.ts'

/** What to show. Each change is in the address at once, text after a short rest. */
export function EpisodeFilters({
  project,
  filter,
  onChange,
}: {
  readonly project: string
  readonly filter: EpisodeFilter
  readonly onChange: (filter: EpisodeFilter) => void
}) {
  const agents = useAgents(project).data ?? []
  const policies = usePolicies(project, filter.agent).data ?? []
  const set = (change: EpisodeFilter) => {
    const merged = { ...filter, ...change }
    onChange(Object.fromEntries(Object.entries(merged).filter(([, value]) => value)) as EpisodeFilter)
  }
  const names = [...new Set(policies.map((policy) => policy.name))]
  return (
    <search aria-label="Filter episodes" className="mb-5 grid grid-cols-2 gap-3 md:grid-cols-4">
      <SelectField
        label="Agent"
        value={filter.agent ?? ''}
        onChange={(event) => set({ agent: event.target.value, policy: '' })}
      >
        <option value="">All agents</option>
        {agents.map((agent) => (
          <option key={agent.id} value={agent.name}>
            {agent.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Policy"
        value={filter.policy ?? ''}
        onChange={(event) => set({ policy: event.target.value })}
      >
        <option value="">All policies</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Outcome"
        value={filter.success ?? ''}
        onChange={(event) => set({ success: (event.target.value || undefined) as EpisodeFilter['success'] })}
      >
        <option value="">Any outcome</option>
        <option value="yes">Success</option>
        <option value="no">Failure</option>
        <option value="unknown">Not measured</option>
      </SelectField>
      <SearchText text={filter.text ?? ''} onText={(text) => set({ text })} />
    </search>
  )
}

function SearchText({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => onText(typed), 300)
    return () => clearTimeout(timer)
  }, [typed, text, onText])
  return (
    <TextField
      label="Words in the task"
      type="search"
      id="episode-search"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
