/** How often a response has what a rule counts. By the line where a line bounds it, and in linear time. */
import type { CountRule } from './response-rule.ts'
import { capitalWords, occurrences, wordsOf } from './words.ts'

export function countFound(
  rule: Exclude<CountRule, { kind: 'paragraphs' | 'sentences' }>,
  response: string,
): number {
  switch (rule.kind) {
    case 'words':
      return wordsOf(response)
    case 'capital-words':
      return capitalWords(response)
    case 'occurrences':
      return occurrences(response, rule.text)
    case 'placeholders':
      return inLines(response, bracketed)
    case 'bullets':
      // One asterisk and something after it, or a dash.
      return inLines(response, (line) => (/^\s*(?:\*[^*]|-)/.test(line) ? 1 : 0))
    case 'highlights':
      return inLines(response, highlighted)
    case 'sections':
      return sectionStarts(response, rule.splitter)
  }
}

function inLines(text: string, count: (line: string) => number): number {
  return text.split('\n').reduce((sum, line) => sum + count(line), 0)
}

/** Pairs of brackets without overlap. */
function bracketed(line: string): number {
  let found = 0
  for (let open = line.indexOf('['); open !== -1; ) {
    const close = line.indexOf(']', open + 1)
    if (close === -1) break
    found += 1
    open = line.indexOf('[', close + 1)
  }
  return found
}

/** Texts between asterisks, and those between double asterisks once more, as IFEval counts them. */
function highlighted(line: string): number {
  const full = (pattern: RegExp) =>
    [...line.matchAll(pattern)].filter(([, text]) => text?.trim() !== '').length
  return full(/\*([^*]*)\*/g) + full(/\*\*([^*]*)\*\*/g)
}

/** The splitter, perhaps a space, and a digit. */
function sectionStarts(text: string, splitter: string): number {
  if (splitter === '') return 0
  let found = 0
  for (let at = text.indexOf(splitter); at !== -1; at = text.indexOf(splitter, at + splitter.length))
    if (/^\s?\d/.test(text.slice(at + splitter.length, at + splitter.length + 2))) found += 1
  return found
}
