import { type RungState, rungStates } from './rung-state.ts'

const FILL: Record<RungState, string> = {
  passed: 'bg-ink-3 border-ink-3',
  present: 'bg-accent border-accent',
  ahead: 'bg-transparent border-line-strong/50',
}

/** A ladder the size of a word: a rung a stage, lowest at the bottom, the present one filled and wider. */
export function LadderMark({
  stages,
  present,
}: {
  /** Names, lowest first. */
  readonly stages: readonly string[]
  readonly present: string | null
}) {
  const states = rungStates(stages, present)
  const at = stages.indexOf(present ?? '')
  const words =
    at === -1
      ? `Not on the ladder of ${stages.length} stages`
      : `Stage ${at + 1} of ${stages.length}: ${present}`
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className="flex w-9 flex-col-reverse items-center gap-[3px] self-start pt-1 lg:self-center lg:pt-0"
    >
      {stages.map((name, index) => (
        <span
          key={name}
          className={`rounded-full border ${states[index] === 'present' ? 'h-[7px] w-9' : 'h-[4px] w-6'} ${FILL[states[index] ?? 'ahead']}`}
        />
      ))}
    </span>
  )
}
