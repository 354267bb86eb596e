import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateJudges, rateSpeakers } from './debate-ratings.ts'
import { judgeScore, ROUND_COST } from './judge-score.ts'
import { awaited, heardBy, heardByJudge, type Judged, SIDES, type Spoken } from './protocol.ts'
import { cutSpeech, ownWords, speechParts } from './speech.ts'

const debate = { speakers: SIDES, rounds: 3 }

describe('protocol', () => {
  test('both open unheard by the other, then they take turns and the judge speaks after each round', () => {
    const spoken: Spoken[] = []
    const judged: Judged[] = []
    const order: string[] = []
    for (let step = 0; step < 20; step++) {
      const next = awaited(debate, spoken, judged)
      if (next.kind === 'over') {
        expect(next).toEqual({ kind: 'over', rounds: 3, probabilityA: 0.8 })
        break
      }
      if (next.kind === 'judgment') {
        order.push(`judge ${next.round}`)
        judged.push({ round: next.round, probabilityA: 0.8, stop: false })
      } else {
        order.push(`${next.sides.join('+')} ${next.round}`)
        spoken.push({ round: next.round, side: next.sides[0] as 'a' | 'b' })
      }
    }
    expect(order).toEqual(['a+b 1', 'b 1', 'judge 1', 'b 2', 'a 2', 'judge 2', 'a 3', 'b 3', 'judge 3'])
  })

  test('a judge who stops ends it, and a consultancy has one speaker', () => {
    const one = { speakers: ['b'] as const, rounds: 5 }
    expect(awaited(one, [], [])).toEqual({ kind: 'speeches', round: 1, sides: ['b'] })
    expect(awaited(one, [{ round: 1, side: 'b' }], [])).toEqual({ kind: 'judgment', round: 1 })
    const judged = [{ round: 1, probabilityA: null, stop: true }]
    expect(awaited(one, [{ round: 1, side: 'b' }], judged)).toEqual({
      kind: 'over',
      rounds: 1,
      probabilityA: null,
    })
  })

  test('nobody hears the opening of the other before both have opened, the judge only whole rounds', () => {
    const a1 = { round: 1, side: 'a' } as const
    const b1 = { round: 1, side: 'b' } as const
    const b2 = { round: 2, side: 'b' } as const
    expect(heardBy(debate, [a1], 'b')).toEqual([])
    expect(heardBy(debate, [a1], 'a')).toEqual([a1])
    expect(heardBy(debate, [a1, b1, b2], 'a')).toEqual([a1, b1, b2])
    expect(heardByJudge(debate, [a1, b1, b2], [])).toEqual([a1, b1])
    const recorded = [a1, b1, b2, { round: 2, side: 'a' } as const]
    expect(heardByJudge(debate, recorded, [])).toEqual([a1, b1])
    expect(heardByJudge(debate, recorded, [{ round: 1, probabilityA: 0.5, stop: false }])).toEqual(recorded)
  })
})

describe('speech', () => {
  const texts = ['May I have your order id?', 'It is W2378156, please cancel it.', null]
  test('finds quotes where they stand, and says which are nowhere', () => {
    expect(speechParts('See [[0: It is W2378156]] and [[1: refund of $500]]. [[unclosed', texts)).toEqual([
      { kind: 'words', text: 'See ' },
      { kind: 'quote', text: 'It is W2378156', step: 1 },
      { kind: 'words', text: ' and ' },
      { kind: 'quote', text: 'refund of $500', step: null },
      { kind: 'words', text: '. [[unclosed' },
    ])
  })
  test('nothing of a speech is lost or made up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('[[', ']]', '1:', ' words ', '[', ']', '\n', '[[0: a]]')),
        (pieces) => {
          const speech = pieces.join('')
          const plain = (text: string) => text.replaceAll(/[[\]\s\d:]/gu, '')
          expect(
            plain(
              speechParts(speech, texts)
                .map(({ text }) => text)
                .join(''),
            ),
          ).toBe(plain(speech))
        },
      ),
    )
  })
  test('only own words count, and a speech that is too long is cut after the last that is allowed', () => {
    const speech = 'one two [[1: It is W2378156, please]] three four five'
    expect(ownWords(speech)).toBe(5)
    expect(cutSpeech(speech, 3)).toBe('one two [[1: It is W2378156, please]] three')
    expect(cutSpeech(speech, 5)).toBe(speech)
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('word', '[[1: It is W2378156]]', 'more', '\n')),
        fc.nat(6),
        (pieces, max) => {
          const all = pieces.join(' ')
          const kept = cutSpeech(all, max)
          expect(all.startsWith(kept)).toBe(true)
          expect(ownWords(kept)).toBe(Math.min(max, ownWords(all)))
        },
      ),
    )
  })
})

test('a judgment is worth its bits less its rounds, as in the published records', () => {
  expect(judgeScore(0.99, 4, ROUND_COST)).toBeCloseTo(-0.2145, 4)
  expect(judgeScore(0.5, 0, ROUND_COST)).toBe(-1)
  expect(() => judgeScore(0, 1, ROUND_COST)).toThrow(RangeError)
})

describe('ratings', () => {
  /** Strong argues rightly better than Weak; both are alike when they argue wrongly. */
  const ended = ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8'].flatMap((question, at) => [
    {
      question,
      judge: `j${at % 4}`,
      rightSpeaker: 'Strong',
      wrongSpeaker: 'Weak',
      right: at < 7 ? 0.9 : 0.2,
    },
    {
      question,
      judge: `j${at % 4}`,
      rightSpeaker: 'Weak',
      wrongSpeaker: 'Strong',
      right: at < 4 ? 0.8 : 0.3,
    },
    {
      question,
      judge: `j${at % 4}`,
      rightSpeaker: 'Strong',
      wrongSpeaker: 'Strong',
      right: at < 6 ? 0.9 : 0.1,
    },
    { question, judge: `j${at % 4}`, rightSpeaker: 'Weak', wrongSpeaker: 'Weak', right: at < 5 ? 0.9 : 0.1 },
  ])
  test('speakers are rated on each side apart', () => {
    const [strong, weak] = rateSpeakers(ended)
    expect(strong).toMatchObject({ speaker: 'Strong', debates: 24 })
    const value = (one: { kind: string; value?: number } | undefined) => one?.value ?? Number.NaN
    expect(value(strong?.honest)).toBeGreaterThan(value(weak?.honest) + 0.5)
  })
  test('judges are rated by whom they were not misled by; nothing known says so', () => {
    const misled = ended.map((one) => ({ ...one, right: one.judge === 'j0' ? 1 - one.right : one.right }))
    const rated = new Map(rateJudges(misled).map(({ judge, rating }) => [judge, rating]))
    const value = (judge: string) => {
      const rating = rated.get(judge)
      return rating?.kind === 'estimate' ? rating.value : Number.NaN
    }
    expect(value('j0')).toBeLessThan(value('j1'))
    expect(rateSpeakers([])).toEqual([])
    expect(rateJudges(ended.slice(0, 1))[0]?.rating.kind).toBe('insufficient')
  })
})
