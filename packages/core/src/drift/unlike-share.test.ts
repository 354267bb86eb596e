import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { describeDrift } from './describe-drift.ts'
import { askedFeatures, type Features } from './features.ts'
import { unlikeShare } from './unlike-share.ts'

const OPTIONS = { falseAlarmRate: 0.01, level: 0.95 }
const asked = (text: string): Features => askedFeatures({ instructions: text, steps: [] })

const TOPICS = [
  ['refund', 'money', 'charged', 'twice', 'card', 'payment', 'statement', 'bank'],
  ['parcel', 'late', 'delivery', 'tracking', 'courier', 'address', 'door', 'lost'],
  ['password', 'login', 'account', 'locked', 'email', 'reset', 'code', 'phone'],
] as const
const NEW_TOPIC = ['visa', 'embassy', 'passport', 'border', 'consulate', 'permit', 'stamp', 'customs']
const GLUE = ['please', 'the', 'my', 'is', 'not', 'can', 'you', 'about', 'with', 'for', 'today', 'help']

/** A text of 12 words, five of them of its topic. */
function text(random: () => number, topic: readonly string[]): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] as string
  return Array.from({ length: 12 }, (_, at) => pick(at % 5 < 2 ? topic : GLUE)).join(' ')
}
const usual = (random: () => number) =>
  asked(text(random, TOPICS[Math.floor(random() * TOPICS.length)] as readonly string[]))
const many = (length: number, one: () => Features) => Array.from({ length }, one)

function found(rated: readonly Features[], fresh: readonly Features[], options = OPTIONS) {
  const share = unlikeShare(rated, fresh, options)
  if (share.kind === 'insufficient') throw new Error(share.reason)
  return share
}

test('by hand: what shares no word with any rated one is the farthest', () => {
  const rated = many(
    99,
    (() => {
      let at = 0
      return () => asked(`refund of order please ${['a', 'b', 'c'][at++ % 3]}`)
    })(),
  )
  const share = found(rated, [asked('refund of order please b'), asked('a passport at the border')])
  expect(share).toMatchObject({ rated: 99, fresh: 2, unlike: [1], share: 0.5 })
})

test('by hand: with 99 rated ones, only what is farther than all of them is unlike', () => {
  const alike = many(98, () => asked('refund of an order'))
  const stranger = asked('visa embassy')
  // As far from its nearest as the one strange rated one is: p = (1 + 1) / 100.
  expect(found([...alike, stranger], [asked('passport border')]).unlike).toEqual([])
  expect(found([...alike, asked('refund of an order')], [asked('passport border')]).unlike).toEqual([0])
})

test('where nothing changed, no more is called unlike than was promised', () => {
  // 200 sets of rated ones: the promise is over their draw, so the mean is compared, with four standard errors of room.
  for (const falseAlarmRate of [0.01, 0.05]) {
    const shares = Array.from({ length: 200 }, (_, seed) => {
      const random = seededRandom(seed)
      const rated = many(120, () => usual(random))
      return found(
        rated,
        many(20, () => usual(random)),
        { falseAlarmRate, level: 0.95 },
      ).share
    })
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    const error = Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length ** 2)
    expect(mean).toBeLessThanOrEqual(falseAlarmRate + 4 * error)
    // And not by never calling anything unlike.
    expect(mean).toBeGreaterThan(falseAlarmRate / 4)
  }
})

test('where nothing changed, the lower bound hardly ever passes a limit of one in twenty', () => {
  const passed = Array.from({ length: 200 }, (_, seed) => {
    const random = seededRandom(1_000 + seed)
    const rated = many(120, () => usual(random))
    return (
      found(
        rated,
        many(200, () => usual(random)),
      ).interval.low > 0.05
    )
  }).filter(Boolean)
  expect(passed.length).toBeLessThanOrEqual(2)
}, 60_000)

test('a planted topic is found, and its share is in the interval', () => {
  const caught = Array.from({ length: 20 }, (_, seed) => {
    const random = seededRandom(seed)
    const rated = many(200, () => usual(random))
    const isNew = Array.from({ length: 200 }, () => random() < 0.12)
    const fresh = isNew.map((planted) => (planted ? asked(text(random, NEW_TOPIC)) : usual(random)))
    const { unlike, interval } = found(rated, fresh)
    const right = unlike.filter((at) => isNew[at]).length
    return { found: right / isNew.filter(Boolean).length, low: interval.low }
  })
  expect(caught.every((one) => one.low > 0.02)).toBe(true)
  expect(caught.reduce((sum, one) => sum + one.found, 0) / caught.length).toBeGreaterThan(0.9)
})

test('the order of what is given changes nothing', () => {
  const random = seededRandom(7)
  const rated = many(150, () => usual(random))
  const fresh = [...many(30, () => usual(random)), asked(text(random, NEW_TOPIC))]
  const share = found(rated, fresh)
  expect(found([...rated].reverse(), fresh)).toEqual(share)
})

test('too few rated, nothing fresh, and no words at all', () => {
  const random = seededRandom(1)
  const rated = many(98, () => usual(random))
  const few = unlikeShare(rated, rated, OPTIONS)
  expect(few).toEqual({ kind: 'insufficient', reason: '98 rated conversations are too few (at least 99)' })
  expect(describeDrift('asked', few, 0.01)).toBe(
    'Whether what was asked this week is like what was rated is not known: 98 rated conversations are too few (at least 99).',
  )
  const enough = [...rated, usual(random)]
  expect(unlikeShare(enough, [], OPTIONS).kind).toBe('insufficient')
  const wordless = many(99, () => asked(''))
  expect(found(wordless, [asked(''), asked('refund')]).unlike).toEqual([1])
  expect(found(enough, [asked('')]).unlike).toEqual([0])
})

test('the sentence', () => {
  const interval = { kind: 'interval', low: 0.081, high: 0.168, level: 0.95 } as const
  const unlike = Array.from({ length: 29 }, (_, at) => at)
  const share = { kind: 'estimate', rated: 400, fresh: 242, unlike, share: 29 / 242, interval } as const
  expect(describeDrift('asked', share, 0.01)).toBe(
    "12 % of this week's conversations are unlike anything that was rated (29 of 242 read, between 8.1 % and 17 %; 400 rated). At most 1 % would be, had nothing changed.",
  )
  expect(describeDrift('done', share, 0.01)).toContain(
    "In 12 % of this week's conversations the agent acted unlike in any that was rated",
  )
})
