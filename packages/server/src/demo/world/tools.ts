import type { Json } from '@leeway/core/episodes/episode'
import { READ_TOOLS } from './read-tools.ts'
import type { Store } from './store.ts'
import type { ParameterKind, Tool, ToolArguments, ToolErrorCode, ToolResult } from './tool.ts'
import { WRITE_TOOLS } from './write-tools.ts'

/**
 * The only door to the store. `callTool` validates as a real back end would: an unknown tool, bad arguments or a
 * refused rule is an answer with an error code, never an exception. Ownership, return windows and refund limits
 * are the agent's to check: the back end knows nothing of who is asking.
 */
export function callTool(store: Store, name: string, args: ToolArguments): ToolResult {
  const tool = TOOLS.get(name)
  if (tool === undefined) return refuse('unknown_tool', `There is no tool named ${name}.`)
  for (const [field, kind] of Object.entries(tool.parameters)) {
    const problem = argumentProblem(args[field], kind)
    if (problem !== null) return refuse('invalid_arguments', `${field}: ${problem}.`)
  }
  for (const field of Object.keys(args)) {
    if (!(field in tool.parameters))
      return refuse('invalid_arguments', `${field}: not a parameter of ${name}.`)
  }
  const struck = store.faults.findIndex((fault) => fault.tool === name)
  if (struck === -1) return tool.run(store, args)
  const [fault] = store.faults.splice(struck, 1)
  if (fault?.strikes === 'after') {
    const result = tool.run(store, args)
    return result.ok ? TIMEOUT : result
  }
  return fault?.strikes === 'lost' ? { ok: true, value: { accepted: true } } : TIMEOUT
}

export const TOOLS: ReadonlyMap<string, Tool> = new Map(
  [...READ_TOOLS, ...WRITE_TOOLS].map((tool) => [tool.name, tool]),
)

const TIMEOUT: ToolResult = {
  ok: false,
  code: 'timeout',
  message: 'The back end did not answer in time. The call may or may not have been carried out.',
}

function refuse(code: ToolErrorCode, message: string): ToolResult {
  return { ok: false, code, message }
}

function argumentProblem(value: Json | undefined, kind: ParameterKind): string | null {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== '' ? null : 'expected text'
    case 'optional text':
      return value === undefined || (typeof value === 'string' && value !== '')
        ? null
        : 'expected text or nothing'
    case 'cents':
      return typeof value === 'number' && Number.isInteger(value) && value > 0
        ? null
        : 'expected whole cents above 0'
    case 'texts':
      return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
        ? null
        : 'expected a list of texts, at least one'
    case 'address': {
      const parts = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
      if (parts === null) return 'expected an address'
      const complete = ['street', 'city', 'postcode'].every((part) => {
        const text = (parts as { readonly [key: string]: Json })[part]
        return typeof text === 'string' && text !== ''
      })
      return complete ? null : 'expected an address with street, city and postcode'
    }
  }
}
