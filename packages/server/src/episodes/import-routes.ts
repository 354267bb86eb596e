/** HTTP of imports: a raw body in, NDJSON progress out; the dry run of redaction; OTLP's own address. */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from '@hono/zod-openapi'
import {
  type ImportEvent,
  ImportQuery,
  RedactionPreview,
  RedactionPreviewQuery,
} from '@leeway/contract/episodes'
import type { Context } from 'hono'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { parseRules, readEpisodeRules } from './episode-rules.ts'
import { importEpisodes, startImport } from './import-service.ts'
import { otlpAnswer, otlpJsonOf } from './otlp-protobuf.ts'
import { previewRedaction } from './redaction-preview.ts'

const RAW_BODY = {
  body: {
    content: {
      'application/octet-stream': { schema: z.any().openapi({ type: 'string', format: 'binary' }) },
    },
    description: 'The file as it is, packed or not. Its format is detected by content.',
    required: true,
  },
}

const importRoute = projectRoute({
  method: 'post',
  path: '/episodes/import',
  scope: 'ingest',
  summary: 'Import a file of recorded episodes',
  request: { query: ImportQuery, ...RAW_BODY },
  responses: {
    200: {
      description: 'One JSON object a line: progress after each commit, problems, at the end the summary.',
      content: { 'application/x-ndjson': { schema: z.string() } },
    },
  },
})

const previewRoute = projectRoute({
  method: 'post',
  path: '/episodes/import/preview',
  scope: 'ingest',
  summary: 'Say what redaction would remove from a file, and store nothing',
  request: { query: RedactionPreviewQuery, ...RAW_BODY },
  responses: {
    200: {
      description: 'Counts and masked examples of each rule.',
      content: { 'application/json': { schema: RedactionPreview } },
    },
  },
})

const TracesQuery = ImportQuery.pick({ agent: true, policy: true })
const PartialSuccess = z.object({
  partialSuccess: z.object({ rejectedSpans: z.number().int(), errorMessage: z.string() }).optional(),
})

const tracesRoute = <const Path extends string>(path: Path) =>
  projectRoute({
    method: 'post',
    path,
    scope: 'ingest',
    summary: 'Take OpenTelemetry GenAI spans (OTLP/HTTP, protobuf or JSON)',
    request: { query: TracesQuery, ...RAW_BODY },
    responses: {
      200: {
        description: 'What OTLP asks for: empty, or partialSuccess when some were refused.',
        content: { 'application/json': { schema: PartialSuccess } },
      },
    },
  })

export function importRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()

  router.openapi(importRoute, async (c) => {
    const { agent, policy, policyId, file } = c.req.valid('query')
    const events = await startImport(effects, {
      projectId: c.var.project.id,
      actor: actorOf(c.var.principal),
      agent,
      policy,
      policyId,
      fileName: file ?? 'upload',
      source: { bytes: bodyBytes(c) },
    })
    const headers = { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' }
    // A stream has no type in OpenAPI's eyes.
    return new Response(ndjson(events), { headers }) as never
  })

  router.openapi(previewRoute, async (c) => {
    const { rules, file } = c.req.valid('query')
    const projectId = c.var.project.id
    const tried =
      rules === undefined ? (await readEpisodeRules(effects.db, projectId)).redaction : parseRules(rules)
    return c.json(
      await previewRedaction(projectId, tried, { name: file ?? 'upload', bytes: bodyBytes(c) }),
      200,
    )
  })

  router.openapi(tracesRoute('/v1/traces'), (c) => takeTraces(effects, c, c.req.valid('query')))
  return router
}

/** For `/v1`: OTLP exporters know one address for all projects, and there the key says which project it is. */
export function otlpRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(tracesRoute('/traces'), (c) => takeTraces(effects, c, c.req.valid('query')))
  return router
}

/** Agent and policy from the query, else from headers (which exporters can set), else from the spans. */
async function takeTraces(effects: Effects, c: Context<ProjectEnv>, query: z.infer<typeof TracesQuery>) {
  const isProtobuf = /protobuf/i.test(c.req.header('content-type') ?? '')
  const summary = await importEpisodes(effects, {
    projectId: c.var.project.id,
    actor: actorOf(c.var.principal),
    agent: query.agent ?? c.req.header('x-leeway-agent'),
    policy: query.policy ?? c.req.header('x-leeway-policy'),
    fileName: 'otlp',
    source: { bytes: isProtobuf ? await protobufBytes(c) : bodyBytes(c) },
  })
  const [first] = summary.problems
  const reason = first === undefined ? '' : ` ${first.field ?? 'record'}: ${first.reason} ${first.fix}`
  const partialSuccess = {
    rejectedSpans: summary.refused,
    errorMessage: `${summary.refused} of the traces could not be stored.${reason}`,
  }
  const refused = summary.refused === 0 ? null : partialSuccess
  // An exporter reads the answer in the encoding that it wrote.
  if (isProtobuf)
    return new Response(new Uint8Array(otlpAnswer(refused)), {
      headers: { 'content-type': 'application/x-protobuf' },
    }) as never
  return c.json(refused === null ? {} : { partialSuccess }, 200)
}

/** Packed or not. The whole message is one value, so it is read whole: `TRACES_BYTES_MAX` unpacked. */
async function protobufBytes(c: Context): Promise<AsyncIterable<Uint8Array>> {
  const given = Buffer.from(await c.req.arrayBuffer())
  const isPacked = given[0] === 0x1f && given[1] === 0x8b
  try {
    const message = isPacked ? await unzip(given, { maxOutputLength: TRACES_BYTES_MAX }) : given
    return Readable.from([Buffer.from(otlpJsonOf(message))])
  } catch (error) {
    throw new AppError(
      'bad_request',
      `The body is not OTLP: ${(error as Error).message}.`,
      'Send an ExportTraceServiceRequest, packed with gzip or not, of at most 64 MB.',
      { field: 'body' },
    )
  }
}

const TRACES_BYTES_MAX = 64 << 20
const unzip = promisify(gunzip)

function bodyBytes(c: Context): AsyncIterable<Uint8Array> {
  const { body } = c.req.raw
  if (body === null)
    throw new AppError('bad_request', 'The request has no body.', 'Send the file as the body.', {
      field: 'body',
    })
  return body as unknown as AsyncIterable<Uint8Array>
}

/** One event a line, made only when the client takes it; a client that goes away ends the import after its batch. */
function ndjson(events: AsyncGenerator<ImportEvent>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await events.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`))
      },
      async cancel() {
        await events.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
