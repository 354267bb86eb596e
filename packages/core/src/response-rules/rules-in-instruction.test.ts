import { expect, test } from 'vitest'
import { INSTRUCTION_MAX, rulesInInstruction } from './rules-in-instruction.ts'

const found = (instruction: string) => rulesInInstruction(instruction).map(({ rule }) => rule)

test.each([
  ["Don't use any commas.", { kind: 'no-comma' }],
  ['Answer in at least 300 words.', { kind: 'words', min: 300, max: null }],
  ['The reply must be less than twenty words.', { kind: 'words', min: null, max: 19 }],
  ['Write 50 or more words.', { kind: 'words', min: 50, max: null }],
  ['Use no more than 3 sentences.', { kind: 'sentences', min: null, max: 3 }],
  ['It must have exactly 4 bullet points.', { kind: 'bullets', min: 4, max: 4 }],
  ['Use at least 5 words in all caps.', { kind: 'capital-words', min: 5, max: null }],
  ['The word “tax” should appear at least 2 times.', { kind: 'occurrences', text: 'tax', min: 2, max: null }],
  ['Include keywords "cat" and "dog".', { kind: 'keywords', words: ['cat', 'dog'] }],
  ['Do not use the words "cat" or "dog".', { kind: 'forbidden-words', words: ['cat', 'dog'] }],
  ['Your entire response should be in German, no other language.', { kind: 'language', language: 'de' }],
  ['Put your entire answer in JSON format.', { kind: 'json' }],
  ['Wrap your entire response with double quotation marks.', { kind: 'quoted' }],
  ['End your response with this exact phrase "That is all."', { kind: 'ends-with', text: 'That is all.' }],
  [
    'It has 3 sections. Mark the beginning of each section with SECTION X.',
    { kind: 'sections', splitter: 'SECTION', min: 3, max: null },
  ],
  ['Say hello.\n\nFirst repeat the request word for word.', { kind: 'begins-with', text: 'Say hello.' }],
] as const)('%s', (instruction, rule) => {
  expect(found(instruction)).toEqual([rule])
})

test.each([
  'Write about commas.',
  'Write many words and some sentences.',
  'At least several words would be good.',
  'Use about 300 words.',
  'Include the keywords "cat" or "dog".',
  'The customer wrote at length in German.',
  'Only in Springfield.',
  'A title would be nice.',
  'Give at least 3 examples.',
])('what is not unmistakable gives no rule: %s', (instruction) => {
  expect(found(instruction)).toEqual([])
})

test('a prohibition is never taken for a demand', () => {
  for (const not of ['Do not include', "Don't use", 'Never use', 'Avoid to use', 'without'])
    expect(found(`${not} the keywords "cat" and "dog".`).map(({ kind }) => kind)).not.toContain('keywords')
})

test('each rule once, in the order of the text, with the words that state it', () => {
  const stated = rulesInInstruction('Use no commas. At least 5 words. Again: at least 5 words.')
  expect(stated.map(({ clause }) => clause)).toEqual(['Use no commas', 'At least 5 words'])
})

test('hostile instructions are done at once: a quadratic pattern would outlast the test', () => {
  for (const piece of ['"a", ', 'at least ', 'word ', 'title ', 'section ', '\n', '******', 'no no '])
    expect(Array.isArray(found(piece.repeat(INSTRUCTION_MAX / piece.length)))).toBe(true)
})
