import { Button } from '../design/Button.tsx'
import { Panel } from '../design/Panel.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { type ServedPolicy, servingWords } from './served-policies.ts'

/** Which model of which upstream answers for a policy. */
export function ServingsPanel({
  policies,
  onAdd,
  onChange,
}: {
  readonly policies: readonly ServedPolicy[]
  readonly onAdd: React.ReactNode
  /** Null: nobody here may. */
  readonly onChange: ((policy: ServedPolicy) => void) | null
}) {
  return (
    <Panel title="How policies are served" aside={onAdd}>
      {policies.length === 0 ? (
        <p className="py-2 text-ink-2">
          No policy is served yet. Say which model of which upstream answers for one, and at what price.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {policies.map((one) => (
          <li
            key={`${one.agent} ${one.policy}`}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5"
          >
            <div className="min-w-0 flex-1 basis-60">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <bdi className="font-semibold">{one.policy}</bdi>
                <span className="text-12 text-ink-2">
                  of <bdi>{one.agent}</bdi>
                  {one.role === null ? '' : `, ${one.role}`}
                </span>
                {one.serving === null && one.role !== null ? (
                  <StateMark state="hold" word="Not served" />
                ) : null}
              </p>
              <p className="text-12 text-ink-2" dir="auto">
                {one.serving !== null
                  ? servingWords(one.serving)
                  : one.role === 'candidate'
                    ? 'Nobody said which model answers, so the baseline serves in its place.'
                    : 'Nobody said which model answers, so the agent is answered by nobody.'}
              </p>
            </div>
            {onChange === null ? null : (
              <Button size="small" onClick={() => onChange(one)}>
                {one.serving === null ? 'Say how' : 'Change'}
                <span className="sr-only"> {one.policy}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
