import type { ImportProblem, ImportSummary } from '@leeway/contract/episodes'
import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { formatCount, formatCountOf, formatPercent } from '../numbers/format-number.ts'

/** What came of an import, in a sentence, and every record that was refused. */
export function ImportResult({
  project,
  fileName,
  agent,
  summary,
  onAnother,
}: {
  readonly project: string
  readonly fileName: string
  readonly agent: string
  readonly summary: ImportSummary
  readonly onAnother: () => void
}) {
  return (
    <section aria-label="Result of the import" className="space-y-4">
      <div className="rounded-lg border border-line bg-surface p-5">
        <h2 className="text-20" role="status">
          {headline(summary)}
        </h2>
        <ul className="figures mt-2 space-y-1 text-ink-2">
          {summary.outcomes === 0 ? (
            <li>None of them has a trusted outcome, so they cannot decide anything yet.</li>
          ) : (
            <li>
              {formatPercent(summary.successes / summary.outcomes)} of{' '}
              {formatCountOf(summary.outcomes, 'episode')} with an outcome succeeded.
            </li>
          )}
          {summary.known === 0 ? null : <li>{formatCountOf(summary.known, 'episode')} were here already.</li>}
          {summary.erased === 0 ? null : (
            <li>{formatCountOf(summary.erased, 'episode')} had been erased once and stay so.</li>
          )}
          {summary.redactions === 0 ? null : (
            <li>{formatCountOf(summary.redactions, 'place')} redacted before storing.</li>
          )}
          {summary.format === null ? null : (
            <li>
              <bdi>{fileName}</bdi>, read as {summary.format}.
            </li>
          )}
        </ul>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button kind="primary" asChild>
            <Link to="/p/$project/episodes" params={{ project }} search={agent === '' ? {} : { agent }}>
              Look at the episodes
            </Link>
          </Button>
          <Button asChild>
            <Link to="/p/$project/releases/new" params={{ project }} search={agent === '' ? {} : { agent }}>
              Start a release
            </Link>
          </Button>
          <Button kind="quiet" onClick={onAnother}>
            Import another file
          </Button>
        </div>
      </div>
      {summary.problems.length === 0 ? null : (
        <Problems problems={summary.problems} leftOut={summary.problemsLeftOut} />
      )}
    </section>
  )
}

function Problems({
  problems,
  leftOut,
}: {
  readonly problems: readonly ImportProblem[]
  readonly leftOut: number
}) {
  return (
    <section aria-label="Records that were refused" className="rounded-lg border border-line bg-surface p-5">
      <h3 className="text-16">
        {formatCountOf(problems.length + leftOut, 'record was', 'records were')} refused
      </h3>
      <ul className="mt-2 divide-y divide-line">
        {problems.map((problem, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: problems have no identity
          <li key={at} className="py-2">
            <p className="text-12 text-ink-2">
              {placeWords(problem)}
              {problem.field === null ? '' : `, ${problem.field}`}
            </p>
            <p dir="auto">{problem.reason}</p>
            <p className="text-12 text-ink-2" dir="auto">
              Expected {problem.expected}. {problem.fix}
            </p>
          </li>
        ))}
      </ul>
      {leftOut === 0 ? null : <p className="mt-2 text-12 text-ink-2">And {formatCount(leftOut)} more.</p>}
    </section>
  )
}

function headline(summary: ImportSummary): string {
  if (summary.added === 0 && summary.refused === 0) return 'Nothing new: every episode was here already.'
  if (summary.refused > 0) {
    return `${formatCountOf(summary.added, 'episode')} added, ${formatCountOf(summary.refused, 'record')} refused.`
  }
  return `${formatCountOf(summary.added, 'episode')} added.`
}

function placeWords(problem: ImportProblem): string {
  if (problem.line !== null) return `Line ${formatCount(problem.line)}`
  if (problem.index !== null) return `Record ${formatCount(problem.index)}`
  return 'The whole file'
}
