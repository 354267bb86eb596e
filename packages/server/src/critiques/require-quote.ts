import { quotedStep } from '@leeway/core/critiques/check-quote'
import type { Claim } from '@leeway/core/critiques/claim'
import type { StoredWords } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import { stepTexts } from '../models/episode-text.ts'

/** The claim, bound to the step that holds its quote. Throws AppError where none that raters are shown does. */
export function requireQuote({ text, severity, step, quote }: Claim, episode: StoredWords): Claim {
  const holds = quotedStep({ step, quote }, stepTexts(episode))
  if (holds !== null) return { text, severity, step: holds, quote }
  throw new AppError(
    'unprocessable',
    'The quote is in no step that raters are shown.',
    'Copy it exactly, at least 12 characters of one step.',
    { field: 'body.quote' },
  )
}
