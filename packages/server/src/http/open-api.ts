/** The OpenAPI 3.1 document, from the same definitions that validate requests. */
import { Problem } from '@leeway/contract/problem'
import { z } from 'zod'
import type { App } from './environment.ts'

type Operation = {
  parameters?: { name: string; in: string }[]
  responses: Record<string, unknown>
  operationId?: string
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Built on first use, when all routes are known, and kept. */
export function openApiDocument(app: App): () => Record<string, unknown> {
  let built: Record<string, unknown> | undefined
  return () => {
    built ??= build(app)
    return built
  }
}

function build(app: App): Record<string, unknown> {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Leeway',
      version: '0.1.0',
      description:
        'Every refusal is a problem (RFC 9457) with a code from a closed list. Lists give nextCursor. Any POST under a project takes an Idempotency-Key.',
    },
  })
  const components = (document.components ?? {}) as Record<string, Record<string, unknown>>
  document.components = {
    ...components,
    schemas: { ...components.schemas, Problem: z.toJSONSchema(Problem, { io: 'output' }) },
    securitySchemes: {
      key: { type: 'http', scheme: 'bearer', description: 'lw_… API key of one project' },
      session: { type: 'apiKey', in: 'cookie', name: 'leeway.session_token' },
    },
  } as typeof document.components
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const verb of VERBS) {
      const operation = (item as Record<string, unknown>)[verb] as Operation | undefined
      if (operation !== undefined) complete(operation, path, verb)
    }
  }
  return document as unknown as Record<string, unknown>
}

/** What holds for every operation is said once, here, and not by each feature. */
function complete(operation: Operation, path: string, verb: string): void {
  const parameters = operation.parameters ?? []
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    if (!parameters.some((parameter) => parameter.in === 'path' && parameter.name === name)) {
      parameters.unshift({ name, in: 'path', required: true, schema: { type: 'string' } } as never)
    }
  }
  if (verb === 'post' && path.startsWith('/api/projects/{project}')) {
    parameters.push({ name: 'idempotency-key', in: 'header', schema: { type: 'string' } } as never)
  }
  operation.parameters = parameters
  operation.responses.default = {
    description: 'Refused',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}
