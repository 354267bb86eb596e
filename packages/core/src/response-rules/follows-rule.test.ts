import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeRule } from './describe-rule.ts'
import { followsRule, type TextReader } from './follows-rule.ts'
import type { ResponseRule } from './response-rule.ts'

/** Sentences by their stops alone. */
const english: TextReader = { languageOf: () => 'en', sentencesOf: (text) => text.split('.').length - 1 }
const none = { min: null, max: null }

/** A rule, what follows it, and what breaks it. */
const CASES: readonly (readonly [ResponseRule, readonly string[], readonly string[]])[] = [
  [{ kind: 'words', min: 3, max: null }, ['one, two - three', "don't stop"], ['one two', 'one-two']],
  [{ kind: 'words', min: null, max: 2 }, ['one two'], ['one two three']],
  [{ kind: 'sentences', min: 2, max: 2 }, ['It rained. We left.'], ['It rained.', 'One. Two. Three.']],
  [
    { kind: 'paragraphs', min: 2, max: 2 },
    ['one\n***\ntwo', '***\none *** two'],
    ['one', 'one *** *** two', 'one***two***three'],
  ],
  [
    { kind: 'capital-words', min: 2, max: null },
    ['THE END', 'I saw NASA', 'WELL-KNOWN A'],
    ['The END', '42 ONE', "I'm HERE"],
  ],
  [{ kind: 'occurrences', text: 'ab', min: 2, max: 2 }, ['ab cAB', 'abab'], ['ab', 'ababab']],
  [{ kind: 'occurrences', text: '.', min: 1, max: null }, ['x.'], ['xy']],
  [{ kind: 'placeholders', min: 2, max: null }, ['[a] and [b]', '[]\n[]'], ['[a', '[a\nb]', '[[a]']],
  [
    { kind: 'bullets', min: 2, max: 2 },
    ['* one\n* two', '- one\n  - two\ntext'],
    ['* one', '** bold **\n* one', '* 1\n* 2\n* 3'],
  ],
  [
    { kind: 'highlights', min: 2, max: null },
    ['*a* and *b*', '**a** and **b**'],
    ['*a*', '* *', '*a\nb* and *c*'],
  ],
  [
    { kind: 'sections', splitter: 'Section', min: 2, max: null },
    ['Section 1 x Section2 y'],
    ['Section 1', 'Section one Section two'],
  ],
  [
    { kind: 'paragraph-start', count: 2, nth: 2, word: 'hello' },
    ['one\n\n"Hello, you', 'one\n\nHELLO'],
    ['one\n\nhellos', 'hello\n\none', 'one\n\nhello\n\nthree', 'hello'],
  ],
  [{ kind: 'keywords', words: ['cat', 'dog'] }, ['Cats and DOGS'], ['cats']],
  [{ kind: 'forbidden-words', words: ['cat', 'dog'] }, ['cats and dogs', 'cat_1'], ['a Cat.', 'the dog']],
  [{ kind: 'language', language: 'en' }, ['any'], []],
  [{ kind: 'language', language: 'de' }, [], ['any']],
  [{ kind: 'capitals' }, ['ALL OF IT, 42!'], ['All', '42']],
  [{ kind: 'lowercase' }, ['all of it, 42!'], ['All', '42']],
  [{ kind: 'no-comma' }, ['one; two'], ['one, two']],
  [{ kind: 'postscript', marker: 'P.S.' }, ['x\nP.S. y', 'p. s. y'], ['PS y']],
  [{ kind: 'postscript', marker: 'P.P.S' }, ['x p.p.s y', 'P. P. S'], ['P.S. y']],
  [{ kind: 'title' }, ['<<A title>>\ntext', 'x <<<y>>'], ['<<>>', '<< >>', '<<a\nb>>', '>>a<<']],
  [{ kind: 'json' }, ['{"a": 1}', '```json\n[1]\n```', ' 7 '], ['{a: 1}', 'x {"a": 1}']],
  [{ kind: 'choice', choices: ['Yes.', 'No.'] }, ['I say: No.'], ['no.']],
  [
    { kind: 'two-responses' },
    ['a ****** b', '******a******b******'],
    ['a', 'a ****** a', 'a ****** ****** b', 'a ****** b ****** c'],
  ],
  [{ kind: 'begins-with', text: ' Say it ' }, ['SAY IT again'], ['I say it']],
  [
    { kind: 'ends-with', text: 'Any questions?' },
    ['Well. any questions?"', 'ANY QUESTIONS? '],
    ['Any questions? No'],
  ],
  [{ kind: 'quoted' }, [' "a" '], ['"', '"a', "'a'"]],
]

describe.each(CASES)('$kind', (rule, following, breaking) => {
  test(describeRule(rule), () => {
    for (const response of following) expect(followsRule(rule, response, english), response).toBe(true)
    for (const response of ['', ' \n', ...breaking])
      expect(followsRule(rule, response, english), response).toBe(false)
  })
})

test('where no language can be told, none is broken; a variety of a language is that language', () => {
  expect(
    followsRule({ kind: 'language', language: 'de' }, '1234', { ...english, languageOf: () => null }),
  ).toBe(true)
  expect(
    followsRule({ kind: 'language', language: 'zh' }, '1234', { ...english, languageOf: () => 'zh-cn' }),
  ).toBe(true)
  expect(followsRule({ kind: 'capitals' }, 'ALLES GUT', { ...english, languageOf: () => 'de' })).toBe(false)
})

test('a hostile text of 300,000 marks is done at once: a quadratic rule would outlast the test', () => {
  const marks = ['[', '<', '>', '*', '"', '***', '- ', 'P.', '\n', '. ', 'SECTION ', '`', "'", 'a,']
  for (const mark of marks) {
    const text = `x${mark.repeat(300_000 / mark.length)}x`
    for (const [rule] of CASES) expect(typeof followsRule(rule, text, english)).toBe('boolean')
  }
})

test('never throws, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...CASES.map(([rule]) => rule)),
      (text, rule) => {
        expect(typeof followsRule(rule, text, english)).toBe('boolean')
        if ('min' in rule) expect(followsRule({ ...rule, ...none }, `${text}x`, english)).toBeDefined()
      },
    ),
    { seed: 9, numRuns: 2000 },
  )
})
