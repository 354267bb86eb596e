/** What a program looks for, in words. */
import { describeRule } from '../response-rules/describe-rule.ts'
import type { CallMatch, ProgramCheck, TextMatch } from '../rubrics/program-check.ts'

export function describeCheck(check: ProgramCheck): string {
  switch (check.kind) {
    case 'calls':
      return describeCalls(check)
    case 'before':
      return `${'pattern' in check.first ? textWords(check.first) : callWords(check.first)} stands before each ${callWords(check.each)}`
    case 'text':
      return `${textWords(check.match)} ${check.present ? 'occurs' : 'does not occur'}`
    case 'final-json':
      return "the agent's last words are JSON that satisfies the schema"
    case 'response':
      return `the agent's last words: ${describeRule(check.rule)}`
    case 'number':
      return `in each ${callWords(check.match)}, the number at ${check.pointer} is ${rangeWords(check.min, check.max)}`
    case 'outcome':
      return `the field ${check.pointer} of the outcome satisfies the schema`
    case 'errors':
      return `at most ${check.max} steps end in an error`
    case 'steps':
      return `the episode has at most ${check.max} steps`
  }
}

function describeCalls({ match, min, max }: ProgramCheck & { readonly kind: 'calls' }): string {
  if (max === 0) return `there is no ${callWords(match)}`
  if (max === null)
    return min <= 1 ? `there is a ${callWords(match)}` : `there are at least ${min} of: ${callWords(match)}`
  return `there are ${min === max ? `exactly ${min}` : `${min} to ${max}`} of: ${callWords(match)}`
}

function callWords({ tools, arguments: schema }: CallMatch): string {
  const which =
    tools === undefined || tools.length === 0 ? 'call of any tool' : `call of ${tools.join(' or ')}`
  return schema === undefined ? which : `${which} whose arguments satisfy the schema`
}

const SPEAKERS = { user: 'the user', assistant: 'the agent', tool_result: 'a tool' } as const

function textWords({ from, pattern }: TextMatch): string {
  return `a text of ${SPEAKERS[from]} like /${pattern}/`
}

function rangeWords(min: number | null, max: number | null): string {
  if (min === null) return `at most ${max}`
  return max === null ? `at least ${min}` : `from ${min} to ${max}`
}
