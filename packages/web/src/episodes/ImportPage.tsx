import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { FileDrop } from './FileDrop.tsx'
import { ImportProgress } from './ImportProgress.tsx'
import { ImportResult } from './ImportResult.tsx'
import type { ImportState } from './import-state.ts'
import { useAgents } from './queries.ts'
import { RedactionTrial } from './RedactionTrial.tsx'
import { type ImportRun, sendImport } from './send-import.ts'

/** From a file to stored episodes, with everything that went wrong named. */
export function ImportPage() {
  const { project } = useParams({ from: '/p/$project/import' })
  usePageTitle('Import')
  const [file, setFile] = useState<File | null>(null)
  const [agent, setAgent] = useState('')
  const [policy, setPolicy] = useState('')
  const [state, setState] = useState<ImportState>({ kind: 'choosing' })
  const run = useRef<ImportRun | null>(null)
  const queries = useQueryClient()
  const agents = useAgents(project).data ?? []
  useEffect(() => () => run.current?.cancel(), [])

  const start = async (chosen: File) => {
    let last: ImportState = { kind: 'sending', sentBytes: 0, counts: null, problems: [] }
    const show = (next: ImportState) => {
      last = next
      setState(next)
    }
    show(last)
    run.current = sendImport(
      project,
      chosen,
      {
        file: chosen.name,
        ...(agent.trim() && { agent: agent.trim() }),
        ...(policy.trim() && { policy: policy.trim() }),
      },
      {
        sent: (sentBytes) => {
          if (last.kind === 'sending') show({ ...last, sentBytes })
        },
        event: (event) => {
          if (event.kind === 'summary') show({ kind: 'done', summary: event })
          else if (event.kind === 'failed') show({ kind: 'failed', error: explained(event), counts: event })
          else if (last.kind === 'sending' && event.kind === 'progress') show({ ...last, counts: event })
          else if (last.kind === 'sending' && event.kind === 'problem') {
            show({ ...last, problems: [...last.problems, event].slice(-5) })
          }
        },
      },
    )
    try {
      await run.current.done
      if (last.kind === 'sending')
        show({ kind: 'failed', error: new Error('The answer broke off.'), counts: last.counts })
    } catch (error) {
      show({ kind: 'failed', error, counts: last.kind === 'sending' ? last.counts : null })
    } finally {
      run.current = null
      queries.invalidateQueries({ queryKey: [project] })
    }
  }

  return (
    <div className="max-w-3xl">
      <h1 className="text-28">Import episodes</h1>
      <p className="mt-1 mb-5 text-ink-2">
        τ-bench results, OpenTelemetry traces (OTLP as JSON), Langfuse exports, OpenAI chat messages as JSONL,
        or our own JSONL; also gzipped. The format is recognised by what is inside. Importing a file twice
        adds nothing.
      </p>
      {state.kind === 'choosing' || state.kind === 'failed' ? (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (file !== null) start(file)
          }}
        >
          {state.kind === 'failed' ? <Failure error={state.error} /> : null}
          <FileDrop file={file} onFile={setFile} />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Agent"
              hint="Who acted. May stay empty when every record says it."
              list="agent-names"
              value={agent}
              onChange={(event) => setAgent(event.target.value)}
            />
            <TextField
              label="Policy"
              hint="Which configuration of it, by a name of yours."
              value={policy}
              onChange={(event) => setPolicy(event.target.value)}
            />
          </div>
          <datalist id="agent-names">
            {agents.map((known) => (
              <option key={known.id} value={known.name} />
            ))}
          </datalist>
          <Button kind="primary" type="submit" disabled={file === null}>
            Import
          </Button>
          {file === null ? <span className="ms-3 text-12 text-ink-2">Choose a file first.</span> : null}
        </form>
      ) : null}
      {state.kind === 'sending' && file !== null ? (
        <ImportProgress file={file} state={state} onStop={() => run.current?.cancel()} />
      ) : null}
      {state.kind === 'done' ? (
        <ImportResult
          project={project}
          fileName={file?.name ?? 'The file'}
          agent={agent.trim()}
          summary={state.summary}
          onAnother={() => {
            setFile(null)
            setState({ kind: 'choosing' })
          }}
        />
      ) : null}
      {state.kind === 'choosing' ? (
        <div className="mt-8">
          <Panel title="What would be redacted">
            <RedactionTrial project={project} file={file} agent={agent.trim()} policy={policy.trim()} />
          </Panel>
        </div>
      ) : null}
    </div>
  )
}

/** The stream's own failure, in the shape all failures have. */
function explained(event: { readonly detail: string; readonly hint: string }): unknown {
  return new Error(event.hint === '' ? event.detail : `${event.detail} ${event.hint}`)
}
