import type { RoundProgress } from '@leeway/contract/review'
import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'

/** What stands in the place of work until the qualification round is over. */
export function RoundFirst({ project, round }: { readonly project: string; readonly round: RoundProgress }) {
  return (
    <>
      <h1 className="text-28">Qualification round</h1>
      <section
        aria-label="Before the first question"
        className="mt-4 max-w-[75ch] rounded-lg border border-line bg-surface px-5 py-4"
      >
        <p>
          First come questions whose answers are known. You are told after each what was right and why, so
          they also show how this project judges. At most {round.total} are asked, fewer when fewer decide.
        </p>
        {round.answered === 0 ? null : (
          <p className="figures mt-2 text-ink-2">
            {round.answered} answered so far, {round.right} right.
          </p>
        )}
        <p className="mt-3">
          <Button kind="primary" asChild>
            <Link to="/p/$project/round" params={{ project }}>
              {round.answered === 0 ? 'Start the round' : 'Go on with the round'}
            </Link>
          </Button>
        </p>
      </section>
    </>
  )
}
