import type { AutonomyContract, ToolTerms } from '@leeway/core/autonomy/contract'
import { Panel } from '../design/Panel.tsx'
import { StakesMark } from '../holds/StakesMark.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { argumentTerms } from './argument-words.ts'

/** Which tools, at which stakes, with which arguments. What is not here may not be called. */
export function ToolTermsList({ tools }: Pick<AutonomyContract, 'tools'>) {
  return (
    <Panel
      title="Tools"
      aside={
        <span className="text-12 text-ink-2">
          {formatCountOf(tools.length, 'line')}, the first that fits holds
        </span>
      }
    >
      {tools.length === 0 ? <p className="py-2 text-ink-2">No tool may be called.</p> : null}
      <ul className="divide-y divide-line">
        {tools.map((terms) => (
          <li key={terms.name} className="grid gap-x-6 gap-y-1 py-2.5 md:grid-cols-[14rem_minmax(0,1fr)]">
            <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 md:block">
              <code className="font-mono text-14 font-semibold" dir="auto">
                {terms.name}
              </code>
              <div>
                <StakesMark stakes={terms.stakes} />
              </div>
            </div>
            <Arguments terms={terms} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Arguments({ terms }: { readonly terms: ToolTerms }) {
  const members = terms.arguments === undefined ? [] : argumentTerms(terms.arguments)
  return (
    <div className="min-w-0">
      {terms.arguments === undefined ? <p className="text-ink-2">Any arguments.</p> : null}
      {members === null ? <p>Arguments that fit the schema below.</p> : null}
      {members === null || members.length === 0 ? null : (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
          {members.map(({ name, words }) => (
            <div key={name} className="contents">
              <dt className="font-mono text-12 leading-[1.3125rem]" dir="auto">
                {name}
              </dt>
              <dd dir="auto">{words}</dd>
            </div>
          ))}
        </dl>
      )}
      {terms.set === undefined ? null : (
        <p className="mt-0.5">
          Always set, whatever the agent wrote:{' '}
          <code className="font-mono text-12" dir="auto">
            {JSON.stringify(terms.set)}
          </code>
        </p>
      )}
      {terms.arguments === undefined ? null : (
        <details className="mt-1">
          <summary className="text-12 text-ink-2">Schema</summary>
          <pre className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-12 break-words whitespace-pre-wrap">
            {JSON.stringify(terms.arguments, null, 2)}
          </pre>
        </details>
      )}
    </div>
  )
}
