import { probabilityWords } from './debate-words.ts'

/** How far the judge leans to each side: the filled part is A's. */
export function ProbabilityBar({
  probabilityA,
  answers,
}: {
  readonly probabilityA: number | null
  readonly answers: { readonly a: string; readonly b: string }
}) {
  return (
    <div className="figures text-14">
      <p dir="auto">
        <span className="font-semibold">Judge:</span> {probabilityWords(probabilityA, answers)}
      </p>
      {probabilityA === null ? null : (
        <div aria-hidden="true" className="mt-1 flex items-center gap-2 text-12 text-ink-2">
          A
          <span className="relative block h-2 w-full max-w-80 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset">
            <span className="block h-full bg-accent" style={{ width: `${probabilityA * 100}%` }} />
            <span className="absolute inset-y-0 start-1/2 w-px bg-line-strong" />
          </span>
          B
        </div>
      )}
    </div>
  )
}
