import type { RubricNodeView } from '@leeway/contract/rubrics'
import { formatCountOf } from '../numbers/format-number.ts'
import { answeredByWords, combineWords, scaleWords, weightWords } from './rubric-words.ts'

/** Id of the element of a question. */
const questionPlace = (id: string): string => `question-${id}`

/** Brings a question into view, and the focus to it. */
export function goToQuestion(id: string): void {
  const place = document.getElementById(questionPlace(id))
  place?.scrollIntoView({ block: 'center' })
  place?.focus({ preventScroll: true })
}

/** The questions of a rubric as an indented list, each with what it weighs and who may answer it. */
export function RubricTree({ nodes }: { readonly nodes: readonly RubricNodeView[] }) {
  const combine = new Map(nodes.map((node) => [node.id, node.combine]))
  return (
    <ul className="space-y-1">
      {nodes.map((node) => {
        const weight = weightWords(node, node.parent === null ? null : (combine.get(node.parent) ?? null))
        return (
          <li
            key={node.id}
            id={questionPlace(node.id)}
            tabIndex={-1}
            className="border-s-2 border-line py-1.5 ps-3"
            // Depth is data, so it cannot be a class. At 390 px five levels still leave room for words.
            style={{ marginInlineStart: `${Math.min(node.depth, 6) * 1.1}rem` }}
          >
            <div className="flex flex-wrap items-baseline gap-x-3">
              <span className="min-w-0 font-medium" dir="auto">
                {node.criterion?.question ?? node.id}
              </span>
              {weight === null ? null : <span className="text-12 font-semibold text-ink-2">{weight}</span>}
            </div>
            <p className="text-12 text-ink-2">
              <code className="font-mono">{node.id}</code>
              {node.criterion === null
                ? null
                : ` · ${scaleWords(node.criterion.scale)} · ${answeredByWords(node.criterion.answeredBy)} · ${formatCountOf(node.criterion.ratings, 'answer')}`}
              {node.combine === null ? null : ` · ${combineWords(node.combine)}`}
            </p>
            {node.check === null ? null : (
              <p className="mt-0.5 text-12 text-ink-2" dir="auto">
                Program: {node.check}
              </p>
            )}
            {node.checks.length === 0 ? null : (
              <p className="mt-0.5 text-12 text-ink-2" dir="auto">
                Checks: {node.checks.map((quote) => `“${quote.replace(/\s+/g, ' ')}”`).join(', ')}
              </p>
            )}
            {node.criterion === null || node.criterion.guidance === '' ? null : (
              <details className="mt-0.5 text-14">
                <summary className="cursor-pointer text-12 text-ink-2">Guidance</summary>
                <p className="max-w-[70ch] whitespace-pre-wrap" dir="auto">
                  {node.criterion.guidance}
                </p>
              </details>
            )}
          </li>
        )
      })}
    </ul>
  )
}
