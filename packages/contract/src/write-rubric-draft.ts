/**
 * Writes a draft rubric for a plain instruction, as a person then edits it: programs for the rules about wording that the
 * instruction states unmistakably, and questions that somebody thought of. What it writes has no mistakes by lint.
 */
import { clausesOf } from '@leeway/core/instruction-coverage/clauses-of'
import { quoteFinder } from '@leeway/core/instruction-coverage/quote-finder'
import { describeRule } from '@leeway/core/response-rules/describe-rule'
import { rulesInInstruction } from '@leeway/core/response-rules/rules-in-instruction'
import { stringify } from 'yaml'
import { CHECK_CHARACTERS_MAX } from './rubric-document.ts'
import type { DraftedQuestion, Importance } from './rubric-drafts.ts'

/** More rules than this are no instruction that anybody gives. */
const PROGRAMS_MAX = 100

/** Essential, important and optional criteria as Rubrics as Rewards (2507.17746) weighs them. */
const WEIGHTS: Readonly<Record<Importance, number>> = { necessary: 1, important: 0.7, useful: 0.3 }

type Draft = {
  readonly name: string
  /** At most INSTRUCTION_MAX characters are read. */
  readonly instruction: string
  /** With none, one question gathers the clauses that no program checks. */
  readonly questions?: readonly DraftedQuestion[]
}

/** YAML. */
export function writeRubricDraft({ name, instruction, questions = [] }: Draft): string {
  const ids = new Set<string>(['root'])
  const programs = programsFor(instruction, ids)
  const rest = questions.length > 0 ? [] : restOf(instruction, programs)
  return stringify(
    {
      name,
      instruction,
      question: 'Did the agent follow the instructions in this episode?',
      ...(questions.length === 0
        ? { combine: 'all', children: [...programs, ...rest] }
        : {
            combine: 'weighted',
            children: [
              ...programs.map((program) => ({ ...program, required: true })),
              ...topicsOf(questions, ids),
            ],
          }),
    },
    { lineWidth: 110 },
  )
}

function programsFor(instruction: string, ids: Set<string>) {
  const find = quoteFinder(instruction)
  return rulesInInstruction(instruction)
    .slice(0, PROGRAMS_MAX)
    .map(({ rule, clause }, at) => {
      const { kind, ...fields } = rule
      const known = Object.entries(fields).filter(([, value]) => value !== null)
      const quoted = clause.length <= CHECK_CHARACTERS_MAX && find(clause).length > 0
      return {
        id: idFor(`${kind} ${at + 1}`, ids),
        question: `Does the response keep to this: ${describeRule(rule).slice(0, 400)}?`,
        guidance: `The instruction says: ${clause}`,
        ...(quoted ? { checks: [clause] } : {}),
        check: { kind: 'response', rule: kind, ...Object.fromEntries(known) },
      }
    })
}

/** It quotes nothing: a question about everything checks no clause by itself. */
function restOf(instruction: string, programs: ReturnType<typeof programsFor>) {
  const find = quoteFinder(instruction)
  const checked = programs.flatMap(({ checks = [] }) => checks.flatMap(find))
  const clauses = clausesOf(instruction)
    .filter((clause) => !checked.some(({ from, to }) => from < clause.to && to > clause.from))
    .map(({ from, to }) => instruction.slice(from, to))
  if (clauses.length === 0 && programs.length > 0) return []
  return [
    {
      id: 'the-rest',
      question: 'Did it do everything else that it was asked?',
      guidance: `No program checks this: ${clauses.join(' ')}`.slice(0, 4_000),
      answeredBy: ['human', 'model'],
    },
  ]
}

/** A parent for each topic with several questions, weighing as much as they do. */
function topicsOf(questions: readonly DraftedQuestion[], ids: Set<string>): readonly object[] {
  const topics = new Map<string, DraftedQuestion[]>()
  for (const one of questions) {
    const topic = one.topic.trim().toLowerCase()
    topics.set(topic, [...(topics.get(topic) ?? []), one])
  }
  return [...topics.values()].flatMap((own): readonly object[] => {
    const topic = own[0]?.topic.trim() ?? ''
    if (own.length === 1 || topics.size === 1 || topic === '') return own.map((one) => leafOf(one, ids))
    const weight = own.reduce((sum, { importance }) => sum + WEIGHTS[importance], 0)
    return [
      {
        id: idFor(topic, ids),
        weight: Math.round(weight * 10) / 10,
        // Else what is necessary would end at its topic.
        ...(own.some(({ importance }) => importance === 'necessary') ? { required: true } : {}),
        combine: 'weighted',
        children: own.map((one) => leafOf(one, ids)),
      },
    ]
  })
}

function leafOf({ question, guidance, good, importance, checks }: DraftedQuestion, ids: Set<string>) {
  const told = question.replace(/^(?:did|does|was|were|is|has) (?:the agent|it) /i, '')
  return {
    id: idFor(told, ids),
    question,
    ...(good === 'no' ? { good } : {}),
    ...(guidance === '' ? {} : { guidance }),
    ...(checks.length === 0 ? {} : { checks }),
    answeredBy: ['human', 'model'],
    weight: WEIGHTS[importance],
    ...(importance === 'necessary' ? { required: true } : {}),
  }
}

/** A name of a few words that no other node has. */
function idFor(words: string, ids: Set<string>): string {
  const start =
    words
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.slice(0, 5)
      .join('-')
      .slice(0, 40) ?? 'question'
  const base = start.replace(/-$/, '')
  let id = base
  for (let at = 2; ids.has(id); at++) id = `${base}-${at}`
  ids.add(id)
  return id
}
