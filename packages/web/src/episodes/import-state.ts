/** Where an import from the page stands. */
import type { ImportCounts, ImportProblem, ImportSummary } from '@leeway/contract/episodes'

export type ImportState =
  | { readonly kind: 'choosing' }
  | {
      readonly kind: 'sending'
      readonly sentBytes: number
      readonly counts: ImportCounts | null
      readonly problems: readonly ImportProblem[]
    }
  | { readonly kind: 'done'; readonly summary: ImportSummary }
  | { readonly kind: 'failed'; readonly error: unknown; readonly counts: ImportCounts | null }
