import type { StageView } from '@leeway/contract/releases'
import type { ReactNode } from 'react'
import { Prose } from '../design/Prose.tsx'
import type { RungState } from './rung-state.ts'
import { closesWords, isWidening, opensWords, reachWords } from './stage-words.ts'

/** The ladder, tall: the highest stage on top, the present one open, the others one click away. */
export function LadderColumn({
  stages,
  hasEnded,
  presentNote,
}: {
  /** Lowest first. */
  readonly stages: readonly StageView[]
  readonly hasEnded: boolean
  /** Shown on the present rung. */
  readonly presentNote?: ReactNode
}) {
  return (
    <ol
      className="relative flex flex-col-reverse"
      aria-label={`Ladder of ${stages.length} stages, lowest first`}
    >
      {stages.map((stage, index) => {
        const below = stages[index - 1]
        return (
          <Rung
            key={stage.name}
            stage={stage}
            isTop={index === stages.length - 1}
            below={below?.name ?? null}
            widens={isWidening(below, stage)}
            hasEnded={hasEnded}
            openedBy={below?.openedBy ?? null}
            note={stage.position === 'present' ? presentNote : undefined}
          />
        )
      })}
    </ol>
  )
}

function Rung({
  stage,
  isTop,
  below,
  widens,
  hasEnded,
  openedBy,
  note,
}: {
  readonly stage: StageView
  readonly isTop: boolean
  readonly below: string | null
  readonly widens: boolean
  readonly hasEnded: boolean
  readonly openedBy: string | null
  readonly note: ReactNode
}) {
  const state = stage.position
  const isPresent = state === 'present'
  return (
    <li className="relative ps-8" aria-current={isPresent ? 'step' : undefined}>
      <RungSign state={state} isTop={isTop} isBottom={below === null} />
      <details open={isPresent} className={`group mb-1 rounded-md ${isPresent ? 'bg-accent-wash' : ''}`}>
        <summary className="flex list-none flex-wrap items-baseline gap-x-2 rounded-md px-3 py-1.5 hover:bg-sunken group-open:hover:bg-transparent">
          <span
            className={`font-mono text-12 ${isPresent ? 'font-bold text-accent' : state === 'passed' ? 'text-ink' : 'text-ink-2'}`}
          >
            {stage.name}
          </span>
          {widens ? <span className="text-12 text-ink-2">widens</span> : null}
          <span className="ms-auto text-12 text-ink-2">
            {isPresent ? (hasEnded ? 'ended here' : 'here now') : state === 'passed' ? 'passed' : null}
            {state === 'ahead' && !isPresent ? <span className="sr-only">not reached</span> : null}
          </span>
        </summary>
        <div className="space-y-2 px-3 pb-3">
          <p className={isPresent ? 'text-16' : 'text-14'}>{stage.words}</p>
          <p className="text-12 text-ink-2">{reachWords(stage)}</p>
          {note}
          <dl className="space-y-1.5 text-12">
            {openedBy === null ? null : (
              <div>
                <dt className="font-semibold text-ink-2">What opened it</dt>
                <dd>
                  <Prose text={openedBy} />
                </dd>
              </div>
            )}
            <div>
              <dt className="font-semibold text-ink-2">What opens the next</dt>
              <dd>{opensWords(stage)}</dd>
            </div>
            <div>
              <dt className="font-semibold text-ink-2">What would close it</dt>
              <dd>{closesWords(stage, below)}</dd>
            </div>
          </dl>
        </div>
      </details>
    </li>
  )
}

/** Rail and rung; shape and fill differ, so that colour is never alone. */
function RungSign({
  state,
  isTop,
  isBottom,
}: {
  readonly state: RungState
  readonly isTop: boolean
  readonly isBottom: boolean
}) {
  const rail = 'absolute w-px bg-line-strong/60'
  const span = `${isTop ? 'top-3' : 'top-0'} ${isBottom ? 'bottom-auto h-8' : 'bottom-0'}`
  return (
    <span aria-hidden="true">
      <span className={`${rail} start-1.5 ${span}`} />
      <span className={`${rail} start-5 ${span}`} />
      <span
        className={`absolute start-1.5 top-[0.8rem] w-[0.9375rem] rounded-full ${
          state === 'present'
            ? 'h-1.5 -translate-y-0.5 bg-accent'
            : state === 'passed'
              ? 'h-0.5 bg-ink-2'
              : 'h-px border-t border-dashed border-line-strong'
        }`}
      />
    </span>
  )
}
