import { CHECK_CHARACTERS_MAX } from '@leeway/contract/rubric-document'
import { type DraftedQuestion, IMPORTANCES } from '@leeway/contract/rubric-drafts'
import type { Json } from '@leeway/core/episodes/episode'
import { type QuoteFinder, quoteFinder } from '@leeway/core/instruction-coverage/quote-finder'
import { rulesInInstruction } from '@leeway/core/response-rules/rules-in-instruction'
import { storableText } from '../models/read-judgement.ts'

export type ReadDraft = {
  readonly failures: readonly string[]
  readonly questions: readonly DraftedQuestion[]
  /** Entries that were no questions, came twice, were too many, or ask about what a program checks. */
  readonly dropped: number
}

const FAILURES_MAX = 20
const QUESTIONS_MAX = 60
/** Looked at: an answer may be megabytes long. */
const ENTRIES_MAX = 300
const QUOTES_MAX = 5
const QUESTION_MAX = 500
const GUIDANCE_MAX = 1_000
const SENTENCE_MAX = 400
const TOPIC_MAX = 60

/**
 * What the model's JSON object proposes; null when it is none. A quote counts if the instruction holds it word for word;
 * the others are kept apart, so that whoever edits the draft sees what was made up.
 */
export function readDraft(value: Json | undefined, instruction: string): ReadDraft | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { failures, questions } = value as { readonly [key: string]: Json }
  if (!Array.isArray(questions)) return null
  const found = (Array.isArray(failures) ? (failures as readonly Json[]) : [])
    .filter((one): one is string => typeof one === 'string' && one.trim() !== '')
    .slice(0, FAILURES_MAX)
    .map((one) => bounded(one, SENTENCE_MAX))
  const find = quoteFinder(instruction)
  const byProgram = programsOf(instruction, find)
  const asked = new Set<string>()
  const kept = (questions as readonly Json[]).slice(0, ENTRIES_MAX).flatMap((one) => {
    const question = readQuestion(one, found.length, find)
    if (question === null || asked.has(question.question) || byProgram(question.checks)) return []
    asked.add(question.question)
    return [question]
  })
  const taken = kept.slice(0, QUESTIONS_MAX)
  return { failures: found, questions: taken, dropped: questions.length - taken.length }
}

function readQuestion(given: Json, failures: number, find: QuoteFinder): DraftedQuestion | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const { catches, checks, question, good, guidance, topic, importance } = given as {
    readonly [key: string]: Json
  }
  if (typeof question !== 'string' || question.trim() === '' || question.length > QUESTION_MAX) return null
  const quotes = (Array.isArray(checks) ? (checks as readonly Json[]) : [checks ?? null])
    .filter((one): one is string => typeof one === 'string' && one.trim() !== '')
    .slice(0, QUOTES_MAX)
    .map((one) => storableText(one).trim())
  const isThere = (quote: string) => quote.length <= CHECK_CHARACTERS_MAX && find(quote).length > 0
  const place = typeof catches === 'number' && Number.isInteger(catches) ? catches : -1
  return {
    question: bounded(question, QUESTION_MAX),
    guidance: typeof guidance === 'string' ? bounded(guidance, GUIDANCE_MAX) : '',
    good: good === 'no' ? 'no' : 'yes',
    topic: typeof topic === 'string' ? bounded(topic, TOPIC_MAX) : '',
    importance: IMPORTANCES.find((one) => one === importance) ?? 'important',
    catches: place >= 0 && place < failures ? place : null,
    checks: [...new Set(quotes.filter(isThere))],
    invented: quotes.filter((quote) => !isThere(quote)).map((quote) => quote.slice(0, CHECK_CHARACTERS_MAX)),
  }
}

/** Whether quotes say nothing but what a program checks; a full stop more or less says nothing. */
function programsOf(instruction: string, find: QuoteFinder): (quotes: readonly string[]) => boolean {
  const checked = new Uint8Array(instruction.length)
  for (const { clause } of rulesInInstruction(instruction))
    for (const { from, to } of find(clause)) checked.fill(1, from, to)
  const left = [...instruction.matchAll(/[\p{L}\p{N}]/gu)].filter(({ index }) => checked[index] === 0)
  return (quotes) =>
    quotes.length > 0 &&
    quotes.flatMap(find).every(({ from, to }) => !left.some(({ index }) => index >= from && index < to))
}

const bounded = (text: string, max: number): string => storableText(text).trim().slice(0, max)
