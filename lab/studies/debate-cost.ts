/** What one wrong judgment less costs by debate, by consultancy and by reading the story, in the study `debate-consultancy`. */
import { type PerError, perErrorRemoved } from './cost-of-oversight.ts'
import { expectedOf, type Judge } from './debate-judge.ts'
import type { Records } from './debate-records.ts'

/** Assumed: words of a speech and of the story, words read in a minute, tokens that a model reads and writes for a speech. */
export const READING = { speechWords: 150, storyWords: 5_000, wordsAMinute: 240, speechTokens: 8_000 }
/** Who knows nothing of the story guesses between two answers. */
const GUESSED = 0.5
const SKILLS = [1, 0.5, 0.25, 0] as const

export type DebateCostRow = {
  readonly skills: number | null
  readonly help: 'debate' | 'consultancy' | 'the whole story'
  readonly accuracy: number
  readonly cost: PerError | null
}

export function debateCosts(judge: Judge, records: Records): readonly DebateCostRow[] {
  const { speechWords, storyWords, wordsAMinute, speechTokens } = READING
  return [
    ...SKILLS.flatMap((skills) =>
      (['debate', 'consultancy'] as const).map((help): DebateCostRow => {
        const weaker = { ...judge, honest: skills * judge.honest, dishonest: skills * judge.dishonest }
        const { accuracy, length } = expectedOf(weaker, help, records[help].stops)
        const speeches = (help === 'debate' ? 2 : 1) * length
        const spent = {
          minutes: (speeches * speechWords) / wordsAMinute,
          tokens: speeches * speechTokens,
        }
        return { skills, help, accuracy, cost: perErrorRemoved(accuracy - GUESSED, spent) }
      }),
    ),
    {
      skills: null,
      help: 'the whole story',
      accuracy: 1,
      cost: perErrorRemoved(1 - GUESSED, { minutes: storyWords / wordsAMinute, tokens: 0 }),
    },
  ]
}
