import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { useAgents, usePolicies } from '../episodes/queries.ts'
import { formatCountOf, formatPercent } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BY_ITSELF, SupervisorField } from '../supervision/SupervisorField.tsx'
import { useStartRelease } from './queries.ts'
import { TruthFields } from './TruthFields.tsx'
import { OUTCOME, type TruthChoice, truthOf } from './truth-choice.ts'

/** Starts one candidate's climb: who, against whom. Everything else is the agent's ladder. */
export function NewReleasePage() {
  const { project } = useParams({ from: '/p/$project/releases/new' })
  const search = useSearch({ from: '/p/$project/releases/new' })
  const navigate = useNavigate()
  const agents = useAgents(project)
  const [chosenAgent, setChosenAgent] = useState<string | null>(null)
  const agent = chosenAgent ?? search.agent ?? agents.data?.[0]?.name ?? ''
  const policies = usePolicies(project, agent === '' ? undefined : agent)
  const [baseline, setBaseline] = useState('')
  const [candidate, setCandidate] = useState('')
  const [truth, setTruth] = useState<TruthChoice>(OUTCOME)
  const [supervisor, setSupervisor] = useState(BY_ITSELF)
  const start = useStartRelease(project)
  usePageTitle('New release')
  const own = policies.data ?? []
  const isNamed = truth.rubric !== '' && supervisor.rater !== ''
  const isReady = baseline !== '' && candidate !== '' && baseline !== candidate
  return (
    <div className="max-w-2xl">
      <h1 className="text-28">Start a release</h1>
      <p className="mt-1 mb-5 text-ink-2">
        The candidate starts at the lowest stage of the agent’s ladder. The order in which units are judged is
        drawn and committed now, before anybody looks.
      </p>
      {agents.isPending ? <Loading what="the agents" /> : null}
      {agents.isError ? <Failure error={agents.error} onRetry={() => agents.refetch()} /> : null}
      {agents.data?.length === 0 ? (
        <Empty
          title="There is no agent yet"
          command="npx leeway episode import runs.jsonl --agent my-agent --policy v1"
        >
          A release compares two policies of one agent, so import the episodes of both first.
        </Empty>
      ) : null}
      {agents.data !== undefined && agents.data.length > 0 ? (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            start.mutate(
              {
                agent,
                baseline,
                candidate,
                ...(truth.rubric === '' ? {} : { truth: truthOf(truth) }),
                ...(isNamed ? { supervisor } : {}),
              },
              {
                onSuccess: ({ id }) =>
                  navigate({ to: '/p/$project/releases/$releaseId', params: { project, releaseId: id } }),
              },
            )
          }}
        >
          <SelectField
            label="Agent"
            value={agent}
            onChange={(event) => {
              setChosenAgent(event.target.value)
              setBaseline('')
              setCandidate('')
              setTruth(OUTCOME)
              setSupervisor(BY_ITSELF)
            }}
          >
            {agents.data.map((known) => (
              <option key={known.id} value={known.name}>
                {known.name}
              </option>
            ))}
          </SelectField>
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              label="Baseline: known, trusted now"
              required
              value={baseline}
              onChange={(event) => setBaseline(event.target.value)}
            >
              <option value="">Choose a policy</option>
              {own.map((policy) => (
                <option key={policy.id} value={policy.name}>
                  {policyWords(policy)}
                </option>
              ))}
            </SelectField>
            <SelectField
              label="Candidate: wants to take its place"
              required
              value={candidate}
              problem={
                baseline !== '' && baseline === candidate
                  ? 'Choose another one than the baseline.'
                  : undefined
              }
              onChange={(event) => setCandidate(event.target.value)}
            >
              <option value="">Choose a policy</option>
              {own.map((policy) => (
                <option key={policy.id} value={policy.name}>
                  {policyWords(policy)}
                </option>
              ))}
            </SelectField>
          </div>
          {policies.isSuccess && own.length < 2 ? (
            <p className="text-ink-2">
              <bdi>{agent}</bdi> has {formatCountOf(own.length, 'policy', 'policies')}; a release needs two.
              Import the episodes of another one.
            </p>
          ) : null}
          <TruthFields project={project} agent={agent} truth={truth} onChange={setTruth} />
          {truth.rubric === '' ? null : (
            <SupervisorField
              project={project}
              agent={agent}
              candidate={candidate}
              choice={supervisor}
              onChange={setSupervisor}
            />
          )}
          {start.isError ? <Failure error={start.error} /> : null}
          <Button kind="primary" type="submit" disabled={!isReady || start.isPending}>
            {start.isPending ? 'Drawing the order…' : 'Start the release'}
          </Button>
        </form>
      ) : null}
    </div>
  )
}

/** Success is shown beside the name only where it was measured. */
function policyWords(policy: {
  readonly name: string
  readonly declared: boolean
  readonly episodes: number
  readonly success: { readonly rate: number | null }
}): string {
  const facts = [formatCountOf(policy.episodes, 'episode')]
  if (policy.success.rate !== null) facts.push(`${formatPercent(policy.success.rate)} success`)
  if (!policy.declared) facts.push('undeclared')
  return `${policy.name} (${facts.join(', ')})`
}
