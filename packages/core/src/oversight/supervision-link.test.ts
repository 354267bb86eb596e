import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import {
  brokenBy,
  brokenLink,
  describeLink,
  type LinkTally,
  readLink,
  type SupervisionLink,
} from './supervision-link.ts'

const BAR = { catchMin: 0.6, auditShareMin: 0.05 }
const times = (count: number, value: boolean) => Array.from({ length: count }, () => value)
const sound: LinkTally = {
  checked: 400,
  audited: 200,
  caught: times(40, true),
  sound: 160,
  falseAlarms: 8,
  canaries: { shown: 0, caught: 0 },
}
const link = (tally: Partial<LinkTally> = {}, more: Partial<SupervisionLink> = {}): SupervisionLink => ({
  supervisor: 'v1',
  charge: 'v2',
  sameFamily: false,
  tally: { ...sound, ...tally },
  ...more,
})

describe('a link', () => {
  test('holds where enough was caught and enough audited, and tells both rates with bounds', () => {
    expect(brokenBy(link(), BAR)).toBeNull()
    const read = readLink(sound, BAR)
    expect(read).toMatchObject({ mistakes: 40, caught: 40, auditShare: 0.5, asleepAt: null })
    expect(read.catchRate.estimate).toBe(1)
    expect(read.catchRate.low).toBeGreaterThan(0.8)
    expect(read.falseAlarmRate.estimate).toBe(0.05)
    expect(read.falseAlarmRate.low).toBeLessThan(0.05)
    expect(read.falseAlarmRate.high).toBeGreaterThan(0.05)
  })

  test('is told in a sentence', () => {
    expect(describeLink(link(), BAR)).toMatch(/^v1 caught 40 of 40 audited mistakes of v2 \(between \d+ %/)
    expect(describeLink(link({ caught: [] }), BAR)).toMatch(/^v1 supervising v2: .* To mend it, audit until/)
    expect(describeLink(link(), null)).toMatch(/^v1 caught 40 .*; the next stage asks for nothing\.$/)
    expect(describeLink(link({}, { supervisor: null }), null)).toBe(
      'Nobody supervises v2, and the next stage asks for nobody.',
    )
  })

  test('nothing known: bounds 0 to 1, and it blocks', () => {
    const nothing = {
      checked: 0,
      audited: 0,
      caught: [],
      sound: 0,
      falseAlarms: 0,
      canaries: { shown: 0, caught: 0 },
    }
    const read = readLink(nothing, null)
    expect(read.catchRate).toEqual({ estimate: null, low: 0, high: 1 })
    expect(read.auditShare).toBeNull()
    expect(brokenBy(link(nothing), BAR)?.why).toBe('v1 has answered about no episode of v2')
    expect(brokenBy(link({}, { supervisor: null }), BAR)?.why).toBe('nobody supervised v2')
  })

  test('too few mistakes block, and the words say how many more would do: they do', () => {
    const few = link({ caught: times(2, true) })
    const broken = brokenBy(few, BAR)
    expect(broken?.why).toContain('caught 2 of 2 audited mistakes')
    const more = Number(/(\d+) more mistake/.exec(broken?.fix ?? '')?.[1])
    expect(brokenBy(link({ caught: times(2 + more, true) }), BAR)).toBeNull()
    expect(brokenBy(link({ caught: times(1 + more, true) }), BAR)).not.toBeNull()
  })

  test('one that misses too much is not to be mended by audits', () => {
    // Every other mistake, so that it is no late sleeper but bad throughout.
    const half = Array.from({ length: 400 }, (_, at) => at % 2 === 0)
    const read = readLink({ ...sound, caught: half }, BAR)
    expect(read.catchRate.high).toBeLessThan(0.6)
    expect(brokenBy(link({ caught: half }), BAR)?.fix).toContain('another supervisor')
  })

  test('too small a share audited blocks, with how many audits are missing', () => {
    const broken = brokenBy(link({ checked: 400, audited: 12 }), BAR)
    expect(broken?.why).toContain('12 of the 400 episodes')
    expect(broken?.fix).toContain('8 more audited episodes')
    expect(brokenBy(link({ checked: 400, audited: 20 }), BAR)).toBeNull()
  })

  test('one family counts only after canaries, however well it did on audits', () => {
    const same = { sameFamily: true }
    const broken = brokenBy(link({}, same), BAR)
    expect(broken?.why).toContain('0 of 0 caught')
    const more = Number(/plant (\d+) more/.exec(broken?.fix ?? '')?.[1])
    expect(brokenBy(link({ canaries: { shown: more, caught: more } }, same), BAR)).toBeNull()
    expect(brokenBy(link({ canaries: { shown: more - 1, caught: more - 1 } }, same), BAR)).not.toBeNull()
    expect(brokenBy(link({ canaries: { shown: 60, caught: 10 } }, same), BAR)?.fix).toContain(
      'another family',
    )
  })

  test('one that calls everything a mistake catches all, and tells nothing', () => {
    const broken = brokenBy(link({ falseAlarms: 160 }), BAR)
    expect(broken?.why).toContain('it called 160 of 160 sound episodes a mistake')
    expect(broken?.fix).toContain('another supervisor')
    expect(brokenBy(link({ sound: 1, falseAlarms: 0 }), BAR)?.fix).toContain('more sound episodes will tell')
  })

  test('one that falls asleep is found within a dozen mistakes, while its whole record is above the bar', () => {
    const caught = [...times(100, true), ...times(12, false)]
    const read = readLink({ ...sound, caught }, BAR)
    expect(read.catchRate.low).toBeGreaterThan(0.6)
    expect(read.asleepAt).toBeGreaterThan(100)
    expect(read.asleepAt).toBeLessThanOrEqual(112)
    expect(brokenBy(link({ caught }), BAR)?.why).toContain('fallen asleep')
  })

  test('looked at after each mistake, a supervisor below the bar ever holds in at most alpha of runs', () => {
    const random = seededRandom(11)
    const runs = 150
    let held = 0
    for (let run = 0; run < runs; run++) {
      const caught: boolean[] = []
      for (let mistake = 0; mistake < 100; mistake++) {
        caught.push(random() < 0.6)
        if (brokenBy(link({ caught }), BAR) === null) {
          held += 1
          break
        }
      }
    }
    expect(held / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  })

  test('a supervisor well above the bar is seldom called asleep', () => {
    const random = seededRandom(12)
    let asleep = 0
    for (let run = 0; run < 200; run++) {
      const caught = Array.from({ length: 100 }, () => random() < 0.85)
      if (readLink({ ...sound, caught }, BAR).asleepAt !== null) asleep += 1
    }
    expect(asleep).toBeLessThanOrEqual(4)
  })
})

describe('a chain', () => {
  test('the lowest blocked link blocks all above it', () => {
    const chain = {
      ground: 'anchor' as const,
      links: [link({ caught: [] }, { supervisor: 'v0', charge: 'v1' }), link()],
    }
    expect(brokenLink(chain, BAR)?.why).toContain('v0 supervising v1')
    expect(
      brokenLink({ ...chain, links: [link({}, { supervisor: 'v0', charge: 'v1' }), link()] }, BAR),
    ).toBeNull()
  })

  test('somebody must vouch for the lowest supervisor; without a chain nothing opens', () => {
    expect(brokenLink({ ground: 'nobody', links: [link()] }, BAR)?.why).toContain('nobody vouches for v1')
    expect(brokenLink({ ground: 'person', links: [link()] }, BAR)).toBeNull()
    expect(brokenLink(null, BAR)).not.toBeNull()
    expect(brokenLink({ ground: 'anchor', links: [] }, BAR)).not.toBeNull()
  })

  test('a bar that is none is refused', () => {
    expect(() => readLink(sound, { catchMin: 1, auditShareMin: 0 })).toThrow(RangeError)
  })
})
