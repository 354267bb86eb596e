/**
 * Rules about wording on recorded responses: every model's file in `ifeval/`, whichever models they are, beside the strict
 * verdicts recorded there. Each kind of disagreement is listed with its reason; one without a reason fails.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { followsRule } from '@leeway/core/response-rules/follows-rule'
import type { ResponseRule } from '@leeway/core/response-rules/response-rule'
import { rulesInInstruction } from '@leeway/core/response-rules/rules-in-instruction'
import { textReader } from '@leeway/server/rubrics/text-reader'
import type { Claims } from './claim.ts'
import { type Arguments, ruleOfInstruction } from './ifeval-rules.ts'

type Prompt = {
  readonly prompt: string
  readonly instruction_id_list: readonly string[]
  readonly kwargs: readonly Arguments[]
}
type Recorded = {
  readonly prompt: string
  readonly response: string | null
  readonly instruction_id_list: readonly string[]
  readonly follow_instruction_list: readonly boolean[]
}

const INPUT = 'en_input_data.jsonl'

export function checkIfeval(folder: string, claims: Claims): void {
  const at = join(folder, 'ifeval')
  if (!existsSync(join(at, INPUT))) return
  const prompts = new Map(linesOf<Prompt>(join(at, INPUT)).map((one) => [one.prompt, one]))
  const reasons = new Map<string, number>()
  for (const name of readdirSync(at).filter((file) => file.endsWith('.jsonl.gz'))) {
    const verdicts = linesOf<Recorded>(join(at, name)).flatMap((one) =>
      one.instruction_id_list.map((id, place) => {
        const args = prompts.get(one.prompt)?.kwargs[place] ?? {}
        const ours = followsRule(ruleOfInstruction(id, args), one.response ?? '', textReader)
        return { id, args, ours, theirs: one.follow_instruction_list[place] === true }
      }),
    )
    const different = verdicts.filter(({ ours, theirs }) => ours !== theirs)
    for (const { id, args } of different) {
      const reason = `${id}: ${reasonOf(id, args)}`
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    const model = name.replace('.jsonl.gz', '')
    const agreement = 1 - different.length / verdicts.length
    const accuracy = (side: 'ours' | 'theirs') => verdicts.filter((one) => one[side]).length / verdicts.length
    claims.hold(
      agreement >= 0.99,
      `ifeval: ${model} has at least 99 % of its recorded verdicts`,
      `${hundred(agreement)} of ${verdicts.length}`,
    )
    claims.hold(
      Math.abs(accuracy('ours') - accuracy('theirs')) <= 0.005,
      `ifeval: ${model} has its strict accuracy within half a point`,
      `${hundred(accuracy('ours'))}, recorded ${hundred(accuracy('theirs'))}`,
    )
  }
  checkStatedRules([...prompts], claims)
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
    claims.hold(!reason.endsWith(UNKNOWN), `ifeval: verdicts that differ, ${reason}`, String(count))
}

const UNKNOWN = 'no reason known'

/** Why a program of ours and the recorded one may differ on an instruction of this kind. */
function reasonOf(id: string, args: Arguments): string {
  if (id.endsWith('number_sentences')) return 'Unicode sentence boundaries here, a trained splitter there'
  if (id.endsWith('letter_frequency') && !/^[a-z]$/i.test(String(args.letter)))
    return 'what to count is no letter, so the recorded verdict counted a letter drawn at random'
  if (id.endsWith('english_capital') || id.endsWith('english_lowercase') || id.endsWith('response_language'))
    return 'the recorded language rests on n-grams drawn at random, ours on all of them'
  if (id.endsWith('capital_word_frequency')) return 'words are cut differently at apostrophes and marks'
  return UNKNOWN
}

/** Rules read from the plain prompts beside the ones that IFEval says they state; it names not all that they do. */
function checkStatedRules(prompts: readonly (readonly [string, Prompt])[], claims: Claims): void {
  let stated = 0
  let found = 0
  let named = 0
  for (const [prompt, { instruction_id_list, kwargs }] of prompts) {
    const known = instruction_id_list.map((id, place) =>
      comparable(ruleOfInstruction(id, kwargs[place] ?? {})),
    )
    const ours = rulesInInstruction(prompt).map(({ rule }) => comparable(rule))
    stated += known.length
    found += ours.length
    named += ours.filter((rule) => known.includes(rule)).length
  }
  claims.hold(
    named / found >= 0.98,
    'ifeval: rules read from plain prompts are the ones they state',
    `${named} of ${found}; IFEval names ${stated}`,
  )
}

/** Upper and lower case, spaces at the ends, and the order of words make no other rule. */
function comparable(rule: ResponseRule): string {
  const sorted = 'words' in rule ? { words: rule.words.map((word) => word.toLowerCase()).sort() } : {}
  const text = 'text' in rule ? { text: rule.text.trim() } : {}
  return JSON.stringify(Object.entries({ ...rule, ...sorted, ...text }).sort()).toLowerCase()
}

function hundred(rate: number): string {
  return `${(100 * rate).toFixed(1)} %`
}

function linesOf<Line>(path: string): readonly Line[] {
  const raw = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line)
}
