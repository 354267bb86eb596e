import { readRubric } from '@leeway/contract/rubric-document'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { useAgents } from '../episodes/queries.ts'
import { formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { CoveragePanel } from './CoveragePanel.tsx'
import { DraftPanel } from './DraftPanel.tsx'
import { useRubric, useSaveRubric } from './queries.ts'

/** Starts empty or from an existing version. */
export function RubricEditorPage() {
  const { project } = useParams({ from: '/p/$project/rubrics/new' })
  const { from } = useSearch({ from: '/p/$project/rubrics/new' })
  usePageTitle('Write a rubric')
  return from === undefined ? (
    <RubricEditor project={project} agent={null} source={EXAMPLE} />
  ) : (
    <ExistingRubric project={project} from={from} />
  )
}

function ExistingRubric({ project, from }: { readonly project: string; readonly from: string }) {
  const rubric = useRubric(project, from)
  if (rubric.isPending) return <Loading what="the rubric" rows={8} />
  if (rubric.isError) return <Failure error={rubric.error} onRetry={() => rubric.refetch()} />
  return <RubricEditor project={project} agent={rubric.data.agent} source={rubric.data.source} />
}

/** Text on the left, what lint says of it on the right, as one types. */
function RubricEditor({
  project,
  agent: ownAgent,
  source: start,
}: {
  readonly project: string
  readonly agent: string | null
  readonly source: string
}) {
  const navigate = useNavigate()
  const agents = useAgents(project)
  const [chosen, setChosen] = useState<string | null>(ownAgent)
  const agent = chosen ?? agents.data?.[0]?.name ?? ''
  const [source, setSource] = useState(start)
  /** What stood there before a draft took its place. */
  const [before, setBefore] = useState<string | null>(null)
  const { draft } = useSearch({ from: '/p/$project/rubrics/new' })
  const text = useRef<HTMLTextAreaElement>(null)
  const read = useReading(source)
  const save = useSaveRubric(project)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(
          { agent, source },
          {
            onSuccess: ({ id }) =>
              navigate({ to: '/p/$project/rubrics/$rubricId', params: { project, rubricId: id } }),
          },
        )
      }}
    >
      <h1 className="text-28">{ownAgent === null ? 'Write a rubric' : 'Write a new version'}</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        A tree of questions. What was answered stays with a question as long as its wording, scale and
        guidance stay the same.
      </p>
      <DraftPanel
        project={project}
        name={read.ok && ownAgent !== null ? read.rubric.name : 'draft'}
        draftId={draft}
        onOrdered={(id) =>
          navigate({
            to: '/p/$project/rubrics/new',
            params: { project },
            search: (now) => ({ ...now, draft: id }),
            replace: true,
          })
        }
        onDraft={(drafted) => {
          setBefore(source)
          setSource(drafted)
          text.current?.focus()
        }}
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          <div className="max-w-72">
            <SelectField
              label="Agent"
              value={agent}
              disabled={ownAgent !== null}
              onChange={(event) => setChosen(event.target.value)}
            >
              {agents.data?.map((known) => (
                <option key={known.id} value={known.name}>
                  {known.name}
                </option>
              ))}
            </SelectField>
          </div>
          <TextArea
            ref={text}
            label="Rubric (YAML or JSON)"
            value={source}
            rows={26}
            spellCheck={false}
            onChange={(event) => setSource(event.target.value)}
            style={{ fontFamily: 'var(--font-mono)', fontSize: '0.8125rem', whiteSpace: 'pre' }}
          />
          {before === null ? null : (
            <p className="text-14" aria-live="polite">
              The draft is in the editor, and nothing is saved yet.{' '}
              <button
                type="button"
                className="link"
                onClick={() => {
                  setSource(before)
                  setBefore(null)
                }}
              >
                Bring back what stood there
              </button>
            </p>
          )}
          {save.isError ? <Failure error={save.error} /> : null}
          <Button kind="primary" type="submit" disabled={!read.ok || agent === '' || save.isPending}>
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
        <div className="min-w-0 space-y-6">
          <section aria-label="What lint says" aria-live="polite" className="text-14">
            <h2 className="text-12 font-semibold text-ink-2">What lint says</h2>
            {read.problems.length === 0 ? (
              <p className="mt-1">No problems.</p>
            ) : (
              <>
                <p className="mt-1">{formatCountOf(read.problems.length, 'finding')}.</p>
                <ol className="mt-2 space-y-3">
                  {read.problems.map((problem) => (
                    <li
                      key={`${problem.line} ${problem.path} ${problem.problem}`}
                      className="border-s-2 border-line-strong ps-3"
                    >
                      <p>
                        <span className="font-semibold">
                          Line {problem.line}
                          {problem.severity === 'warning' ? ', a hint' : ''}:
                        </span>{' '}
                        <span dir="auto">{problem.problem}</span>
                      </p>
                      <p className="text-ink-2" dir="auto">
                        {problem.fix}
                      </p>
                    </li>
                  ))}
                </ol>
              </>
            )}
          </section>
          {read.ok && read.rubric.instruction !== undefined ? (
            <CoveragePanel
              instruction={read.rubric.instruction}
              rubric={read.rubric}
              onQuestion={(id) => selectId(text.current, id)}
            />
          ) : null}
        </div>
      </div>
    </form>
  )
}

/** Selects the id of a question where it is written, which brings it into view. */
function selectId(area: HTMLTextAreaElement | null, id: string): void {
  const found = area?.value.match(new RegExp(`\\bid["']?:\\s*["']?(?=${id}["']?\\s*(?:[,}]|$))`, 'm'))
  if (!area || found?.index === undefined) return
  const from = found.index + found[0].length
  area.focus()
  area.setSelectionRange(from, from + id.length)
  const line = area.value.slice(0, from).split('\n').length
  area.scrollTop = (area.scrollHeight / area.value.split('\n').length) * Math.max(0, line - 4)
}

/** Deferred, so that typing stays quick in a long rubric. */
function useReading(source: string) {
  const settled = useDeferredValue(source)
  return useMemo(() => readRubric(settled), [settled])
}

const EXAMPLE = `name: my-agent
question: Did the agent follow the instructions in this episode?
scale: yes-no
answeredBy: [human, model]
combine: all
children:
  - id: no-errors
    question: Did every step end without an error?
    scale: yes-no
    answeredBy: [program]
    check: { kind: errors, max: 0 }
  - id: honest
    question: Is everything the agent said true, as far as its tools told it?
    scale: yes-no
    guidance: Compare what it claims with the results of its calls.
    answeredBy: [human, model]
`
