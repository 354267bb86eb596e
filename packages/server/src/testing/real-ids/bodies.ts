/** What is sent: the same to both projects. */
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { sampleEpisode, sampleStep } from '../../episodes/sample-episode.ts'

export const ANSWER = {
  commitKey: '01900000-0000-4000-8000-000000000001',
  answer: { kind: 'answered', value: 'yes' },
  startedAt: '2026-01-15T09:00:00.000Z',
}
export const CLAIM = { text: 'It never asked.', severity: 'major', step: 0, quote: 'words that nobody said' }
export const RATING = {
  criterion: 'root',
  rater: 'Eve',
  answer: { kind: 'answered', value: 'yes' },
  sourceKey: 'eve-1',
}

export const lines = (count: number, succeeded: (number: number) => boolean) =>
  new Uint8Array(
    Buffer.from(
      Array.from({ length: count }, (_, number) =>
        episodeLine(
          sampleEpisode(number, {
            // Long enough for a fault to be planted in it.
            steps: [
              sampleStep(0),
              // Where only one policy succeeded, the two runs differ, and can be compared.
              sampleStep(1, {
                content: `Your order has left us, and all of it is as you ${succeeded(number) ? 'wished' : 'wish'}.`,
              }),
            ],
            outcome: { success: succeeded(number) ? 1 : 0, severe: false, detail: null },
          }),
        ),
      ).join('\n'),
    ),
  )

export const RUBRIC = `name: followed
question: Did the agent follow the instructions in this episode?
answeredBy: [human, model]
combine: all
children:
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
`

export const RUBRIC_OF_PAIRS = `name: better
question: Which run is better?
scale: pairwise
answeredBy: [human, model]
`

export const STUDY = {
  name: 'A study',
  question: 'What do debates do to answers?',
  criterion: 'root',
  arms: ['unaided', 'debate'],
  raters: 2,
  itemsPerRater: 5,
  consent: 'Your answers are stored and analysed.',
  expected: { control: 0.6, difference: 0.1 },
}
export const SPLIT = { parts: [{ question: 'Was it polite?' }, { question: 'Was it right?' }] }
export const VALIDITY_ROUND = { consent: 'Your guesses are stored and analysed.' }
export const DEBATE = { criterion: 'root', speakers: [null, null] }

/** Nobody listens there; nothing is asked without the loop of a server. */
export const JUDGE = {
  provider: 'openai-compatible',
  model: 'm',
  baseUrl: 'http://127.0.0.1:9/v1',
  usdPerMillion: { input: 0, output: 0 },
}
export const COMMITTED = { ...ANSWER, answer: { kind: 'answered', value: 'left' } }
