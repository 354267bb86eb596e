/** `leeway rubric draft`: a rubric for a plain instruction, with a program for each rule about wording that it states, with core alone. */

import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { describeRule } from '@leeway/core/response-rules/describe-rule'
import {
  INSTRUCTION_MAX,
  rulesInInstruction,
  type StatedRule,
} from '@leeway/core/response-rules/rules-in-instruction'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { CommandError } from '../../exit-codes.ts'

export function registerRubricDraft(rubric: Command): void {
  rubric
    .command('draft')
    .description(
      'draft a rubric from a plain instruction, with programs for what it unmistakably asks of wording',
    )
    .argument('<instruction.txt>', 'the instruction in English; - is standard input')
    .option('--name <name>', 'name of the rubric', 'draft')
    .action(async (path: string, options: { readonly name: string }) => {
      const instruction = await readInstruction(path)
      process.stdout.write(draftRubric(instruction, options.name))
    })
}

async function readInstruction(path: string): Promise<string> {
  const found = await (path === '-' ? text(process.stdin) : readFile(path, 'utf8')).catch(
    (error: unknown) => {
      throw new CommandError(
        `${path}: ${error instanceof Error ? error.message : error}`,
        'name a text file with the instruction, or - for standard input',
      )
    },
  )
  if (found.trim() === '') throw new CommandError(`${path} is empty`, 'write the instruction into it')
  if (found.length > INSTRUCTION_MAX)
    throw new CommandError(
      `${path} has ${found.length} characters, at most ${INSTRUCTION_MAX} are read`,
      'shorten the instruction, or draft its parts one by one',
    )
  return found
}

/** YAML. Sentences in which no rule was found stand in the guidance of the last question. */
export function draftRubric(instruction: string, name: string): string {
  const stated = rulesInInstruction(instruction)
  const rest = sentencesWithout(instruction, stated)
  return stringify(
    {
      name,
      question: 'Did the agent follow the instructions in this episode?',
      combine: 'all',
      children: [
        ...stated.map(({ rule, clause }, at) => {
          const { kind, ...fields } = rule
          const known = Object.entries(fields).filter(([, value]) => value !== null)
          return {
            id: `${kind}-${at + 1}`,
            question: `Does the response keep to this: ${describeRule(rule).slice(0, 400)}?`,
            guidance: `The instruction says: ${clause}`,
            check: { kind: 'response', rule: kind, ...Object.fromEntries(known) },
          }
        }),
        ...(rest.length === 0
          ? []
          : [
              {
                id: 'the-rest',
                question: 'Did it do everything else that it was asked?',
                guidance: `No program checks this: ${rest.join(' ')}`.slice(0, 4_000),
                answeredBy: ['human', 'model'],
              },
            ]),
      ],
    },
    { lineWidth: 110 },
  )
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

function sentencesWithout(instruction: string, stated: readonly StatedRule[]): readonly string[] {
  return [...sentences.segment(instruction)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => sentence !== '' && !stated.some(({ clause }) => sentence.includes(clause)))
}
