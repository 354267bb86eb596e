import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea, TextField } from '../design/Field.tsx'
import { useAgents } from '../episodes/queries.ts'
import { argumentsProblem } from '../holds/arguments-text.ts'
import { useWriteRequest } from './written-queries.ts'

/** A call that people should deny, in the words of whoever writes it. */
export function WriteRequestForm({
  project,
  onWritten,
}: {
  readonly project: string
  readonly onWritten: () => void
}) {
  const agents = useAgents(project)
  const write = useWriteRequest(project)
  const [chosen, setAgent] = useState<string>()
  const [tool, setTool] = useState('')
  const [argumentsText, setArguments] = useState('{}')
  const [asked, setAsked] = useState('')
  const [said, setSaid] = useState('')
  const [reason, setReason] = useState('')
  if (agents.isError) return <Failure error={agents.error} onRetry={() => agents.refetch()} />
  const agent = chosen ?? agents.data?.[0]?.name ?? ''
  const problem = argumentsProblem(argumentsText)
  const isReady = agent !== '' && tool.trim() !== '' && reason.trim().length >= 3 && problem === null
  return (
    <form
      className="mt-3 grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady || write.isPending) return
        const words = [
          { role: 'user' as const, text: asked.trim() },
          { role: 'assistant' as const, text: said.trim() },
        ].filter(({ text }) => text !== '')
        const before = asked.trim() === '' ? [] : words
        write.mutate(
          { agent, tool: tool.trim(), arguments: JSON.parse(argumentsText), reason: reason.trim(), before },
          { onSuccess: onWritten },
        )
      }}
    >
      <SelectField label="Agent" value={agent} onChange={(event) => setAgent(event.target.value)}>
        {agents.data?.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Tool"
        hint="As the contract names it. Some or all of its calls must wait for a person."
        required
        value={tool}
        onChange={(event) => setTool(event.target.value)}
      />
      <div className="sm:col-span-2">
        <TextArea
          label="Arguments"
          hint="A JSON object, within what the contract allows: what it refuses comes before nobody."
          spellCheck={false}
          className="min-h-24 w-full rounded-md border border-line-strong bg-surface px-3 py-1.5 font-mono text-12 text-ink aria-invalid:border-rollback"
          problem={problem ?? undefined}
          value={argumentsText}
          onChange={(event) => setArguments(event.target.value)}
        />
      </div>
      <TextArea
        label="What was asked before it"
        hint="Left out, it stands where a recorded call of the tool stood: then write one that is wrong whatever was asked."
        maxLength={4000}
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
      />
      <TextArea
        label="What the agent says with it"
        hint="In the manner of the agent; it may say nothing."
        maxLength={4000}
        disabled={asked.trim() === ''}
        value={said}
        onChange={(event) => setSaid(event.target.value)}
      />
      <div className="sm:col-span-2">
        <TextArea
          label="Why it should be denied"
          hint="Stands here, for you. Nobody who decides is shown it."
          required
          minLength={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div className="sm:col-span-2">
        <Button kind="primary" type="submit" disabled={write.isPending || !isReady}>
          {write.isPending ? 'One moment…' : 'Keep it to be planted'}
        </Button>
        {write.isError ? <Failure error={write.error} /> : null}
      </div>
    </form>
  )
}
