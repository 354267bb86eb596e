import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCount, formatCountOf, formatPercent } from '../numbers/format-number.ts'
import { useSimulateContract } from './queries.ts'

const EPISODES = 200

/** What the contract would have done with what was recorded. */
export function SimulationPanel({
  project,
  agent,
  version,
}: {
  readonly project: string
  readonly agent: string
  readonly version: number
}) {
  const simulate = useSimulateContract(project)
  const result = simulate.data
  return (
    <Panel
      title="On recorded episodes"
      aside={
        <Button
          size="small"
          disabled={simulate.isPending}
          onClick={() => simulate.mutate({ agent, version, episodes: EPISODES })}
        >
          {simulate.isPending ? 'Reading…' : `Try it on the ${EPISODES} newest`}
        </Button>
      }
    >
      {simulate.isError ? <Failure error={simulate.error} /> : null}
      {result === undefined ? (
        <p className="text-ink-2">
          How many of the agent’s episodes would have gone on untouched, and which calls a person would have
          seen.
        </p>
      ) : result.episodes === 0 ? (
        <p>No episode of this agent has its text here. Import some, or serve some.</p>
      ) : (
        <div role="status">
          <p className="figures">
            Of {formatCountOf(result.episodes, 'episode')}, {formatCount(result.untouched)} would have gone on
            untouched ({formatPercent(result.untouched / result.episodes)}). After a refusal an agent might
            have gone on in another way; what it did then is counted all the same.
          </p>
          <table className="mt-2 w-full">
            <thead>
              <tr className="border-b border-line text-12 text-ink-2">
                <th scope="col" className="py-1.5 text-start font-normal">
                  tool
                </th>
                {['calls', 'released', 'a person', 'refused'].map((label) => (
                  <th key={label} scope="col" className="py-1.5 ps-3 text-end font-normal">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {result.tools.map(({ tool, calls, released, held, refused }) => (
                <tr key={tool} className="border-b border-line last:border-0">
                  <th scope="row" className="py-1.5 text-start font-mono text-12 font-normal" dir="auto">
                    {tool}
                  </th>
                  {[calls, released, held, refused].map((count, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
                    <td key={at} className="py-1.5 ps-3 text-end">
                      {formatCount(Math.round(count))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
