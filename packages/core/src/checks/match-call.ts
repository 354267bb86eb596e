/** Tells which steps are the calls that a check means. */
import { Validator } from '@cfworker/json-schema'
import type { Json, Step } from '../episodes/episode.ts'
import { isNamedTool } from '../episodes/tool-name.ts'
import type { CallMatch } from '../rubrics/program-check.ts'

export type StepMatcher = (step: Step) => boolean

export function callMatcher(match: CallMatch): StepMatcher {
  const { tools, arguments: schema } = match
  const validator = schema === undefined ? null : new Validator(schema as object, '2020-12')
  return ({ kind, name, content }) =>
    kind === 'tool_call' &&
    (tools === undefined || tools.length === 0 || tools.some((tool) => isNamedTool(tool, name ?? ''))) &&
    (validator === null || validator.validate(content).valid)
}

export function satisfies(schema: Json, value: Json): boolean {
  return new Validator(schema as object, '2020-12').validate(value).valid
}
