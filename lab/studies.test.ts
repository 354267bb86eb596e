import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recordedStudies, withDescriptions, withResult } from './results.ts'
import { STUDIES } from './studies.ts'
import { aboutLines, titleOf } from './study.ts'

const RESULTS = readFileSync(new URL('RESULTS.md', import.meta.url), 'utf8')

test('every study on our simulator says its parameters, oracle, naive rule, where it should lose and its family, and has a result', () => {
  for (const [name, { about }] of Object.entries(STUDIES)) {
    if (about.input !== 'simulated') continue
    expect(Object.values(about), name).not.toContain('')
    expect(recordedStudies(RESULTS)).toContain(name)
  }
})

test('every result is of a study there is, says what it rests on, and "simulated" in its title where that is all', () => {
  for (const name of recordedStudies(RESULTS)) expect(Object.keys(STUDIES)).toContain(name)
  expect(RESULTS, 'npm run lab -- --describe').toBe(withDescriptions(RESULTS, (name) => STUDIES[name]?.about))
  for (const name of recordedStudies(RESULTS)) {
    const about = STUDIES[name]?.about
    if (about === undefined) continue
    expect(RESULTS.split('\n')).toContain(`## ${titleOf(name, about)}`)
    expect(titleOf(name, about).includes('(simulated)')).toBe(about.input === 'simulated')
  }
})

test('a new run replaces its own section alone, and describing keeps every run as it was', () => {
  const about = { input: 'recorded', from: 'somewhere' } as const
  const before =
    '# Results\n\nHead.\n\n## one\n\n2026-01-01, old\n\n| a |\n\n## two\n\n2026-01-02, other\n\n| b |\n'
  const after = withResult(before, 'one', about, '2026-02-02, new\n\n| c |')
  expect(after).toBe(
    `# Results\n\nHead.\n\n## two\n\n2026-01-02, other\n\n| b |\n\n## one\n\n${aboutLines(about)}\n\n2026-02-02, new\n\n| c |\n`,
  )
  const described = withDescriptions(before, (name) => (name === 'two' ? about : undefined))
  expect(described).toContain('## two\n\n- Input: somewhere\n\n2026-01-02, other\n\n| b |\n')
  expect(described).toContain('## one\n\n2026-01-01, old\n\n| a |\n')
})
