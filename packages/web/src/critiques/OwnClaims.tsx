import type { CriticSheet } from '@leeway/contract/critiques'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { ClaimText } from './ClaimText.tsx'
import { useTakeBackClaim } from './queries.ts'

/** What the critic wrote about the question, each to be taken back. */
export function OwnClaims({
  project,
  episodeId,
  claims,
}: {
  readonly project: string
  readonly episodeId: string
  readonly claims: CriticSheet['questions'][number]['claims']
}) {
  const takeBack = useTakeBackClaim(project, episodeId)
  if (claims.length === 0) return null
  return (
    <section aria-label="What you wrote">
      <h2 className="mb-2 text-14 font-semibold text-ink-2">What you wrote</h2>
      <ol className="space-y-3">
        {claims.map((claim) => (
          <li key={claim.id} className="rounded-md border border-line bg-surface p-3">
            <ClaimText claim={claim} />
            <p className="mt-2">
              <Button size="small" disabled={takeBack.isPending} onClick={() => takeBack.mutate(claim.id)}>
                Take back
              </Button>
            </p>
          </li>
        ))}
      </ol>
      {takeBack.isError ? <Failure error={takeBack.error} /> : null}
    </section>
  )
}
