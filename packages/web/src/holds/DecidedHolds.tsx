import type { HoldSummary } from '@leeway/contract/holds'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { answeredWords } from './answered-words.ts'
import { toolsWords } from './HoldList.tsx'

/** What was decided lately, by whom and why; each can be read again. */
export function DecidedHolds({
  answered,
  onChoose,
}: {
  readonly answered: readonly HoldSummary[]
  readonly onChoose: (hold: string) => void
}) {
  if (answered.length === 0) return null
  return (
    <Panel title="Decided lately">
      <ul className="divide-y divide-line">
        {answered.map(({ id, agent, tools, answer }) =>
          answer === null ? null : (
            <li key={id} className="grid gap-x-4 py-2 text-14 sm:grid-cols-[16rem_minmax(0,1fr)_auto]">
              <span className="min-w-0">
                <button type="button" className="link font-mono" dir="auto" onClick={() => onChoose(id)}>
                  {toolsWords(tools)}
                </button>{' '}
                <span className="text-12 text-ink-2" dir="auto">
                  {agent}
                </span>
              </span>
              <span className="min-w-0" dir="auto">
                {answeredWords(answer)}{' '}
                {answer.reason === '' ? null : <span className="text-ink-2">“{answer.reason}”</span>}
              </span>
              <span className="text-12 text-ink-2">
                <Time at={answer.at} />
              </span>
            </li>
          ),
        )}
      </ul>
    </Panel>
  )
}
