import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { formatUsd } from '../raters/rater-words.ts'
import { useShadow } from './queries.ts'
import { agreementWords, evidenceWords, toolsWords } from './shadow-words.ts'

/** What the candidate answered beside the baseline through the gateway. Not shown where it was never asked. */
export function ShadowPanel({
  project,
  releaseId,
  isOpen,
}: {
  readonly project: string
  readonly releaseId: string
  readonly isOpen: boolean
}) {
  const shadow = useShadow(project, releaseId, isOpen)
  if (shadow.data === undefined)
    return shadow.isError ? <Failure error={shadow.error} onRetry={shadow.refetch} /> : null
  const { turns, without, firstTurns, steps, evidence, usd, differing } = shadow.data
  if (turns === 0) return null
  const told = [agreementWords('first-turn', firstTurns), agreementWords('step', steps)]
  return (
    <Panel
      title="Beside the baseline"
      aside={usd === null ? null : <span className="figures text-12 text-ink-2">{formatUsd(usd)}</span>}
    >
      <p className="max-w-[75ch] text-12 text-ink-2">
        The gateway asked the candidate what the baseline had answered, and released nothing of it. Agreement
        does not say who was right, and no gate reads it.
      </p>
      {told.map((sentence) =>
        sentence === null ? null : (
          <p key={sentence} className="figures mt-2 max-w-[75ch]">
            {sentence}
          </p>
        ),
      )}
      <p className="figures mt-2 max-w-[75ch]">{evidenceWords(evidence)}</p>
      {without.length === 0 ? null : (
        <ul className="figures mt-2 text-12 text-ink-2">
          {without.map(({ why, turns: many }) => (
            <li key={why}>
              Nothing to compare in {formatCountOf(many, 'turn')}: <span dir="auto">{why}</span>
            </li>
          ))}
        </ul>
      )}
      {differing.length === 0 ? null : (
        <>
          <h3 className="mt-3 text-12 font-semibold text-ink-2">The newest with other tools</h3>
          <WideTable label="The newest with other tools">
            <table className="mt-1 w-full text-12">
              <thead className="text-ink-2">
                <tr>
                  <th className="py-1 pe-3 text-start font-normal">Conversation</th>
                  <th className="py-1 pe-3 text-start font-normal">Baseline</th>
                  <th className="py-1 pe-3 text-start font-normal">Candidate</th>
                  <th className="py-1 text-start font-normal">When</th>
                </tr>
              </thead>
              <tbody>
                {differing.map(({ turnId, conversation, pairedAs, baselineTools, candidateTools, at }) => (
                  <tr key={turnId} className="border-t border-line align-top">
                    <td className="py-1 pe-3">
                      <bdi className="break-words">{conversation}</bdi>
                      {pairedAs === 'first-turn' ? ', first turn' : ''}
                    </td>
                    <td className="py-1 pe-3 break-words" dir="auto">
                      {toolsWords(baselineTools)}
                    </td>
                    <td className="py-1 pe-3 break-words" dir="auto">
                      {toolsWords(candidateTools)}
                    </td>
                    <td className="py-1">
                      <Time at={at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </WideTable>
        </>
      )}
    </Panel>
  )
}
