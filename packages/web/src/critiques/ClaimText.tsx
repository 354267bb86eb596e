import type { CriticSheet } from '@leeway/contract/critiques'

/** A claim with the words it rests on. Everything in it is inert text. */
export function ClaimText({
  claim,
}: {
  readonly claim: Omit<CriticSheet['questions'][number]['claims'][number], 'id'>
}) {
  return (
    <>
      <p className="[overflow-wrap:anywhere]" dir="auto">
        {claim.text}
      </p>
      <blockquote
        className="mt-1 border-s-2 border-line-strong ps-2 text-14 text-ink-2 [overflow-wrap:anywhere]"
        dir="auto"
      >
        {claim.quote}
      </blockquote>
      <p className="figures mt-1 text-12 text-ink-2">
        {claim.severity}, step {claim.step}
      </p>
    </>
  )
}
