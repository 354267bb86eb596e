/**
 * Typed client of the HTTP API, for the page, the command line and other people's programs.
 *
 *     const client = createClient({ baseUrl: 'http://127.0.0.1:4400', token: 'lw_…', project: 'default' })
 *     const page = await client.call(listLedger, { query: { limit: 20 } })
 *
 * In a browser leave `baseUrl` and `token` out: the session cookie of the page is used.
 */
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { PROBLEM_STATUS, Problem, type ProblemCode } from './problem.ts'

export type ClientOptions = {
  /** Without a trailing slash; '' is the page's own server. */
  readonly baseUrl?: string
  /** `lw_…` key or the token of the data directory. Without one, cookies are sent. */
  readonly token?: string
  /** Slug that fills `{project}`. */
  readonly project?: string
  /** Replaces the global fetch, for instance to time out. */
  readonly fetch?: typeof fetch
}

type PlacesOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesOf<Rest>
  : never
type OwnPlacesOf<E extends Endpoint> = Exclude<PlacesOf<E['path']>, 'project'>

type ParamsOf<E extends Endpoint> = [OwnPlacesOf<E>] extends [never]
  ? { readonly params?: { readonly project?: string } }
  : { readonly params: { readonly [Name in OwnPlacesOf<E>]: string } & { readonly project?: string } }
type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType
  ? { readonly query?: Partial<z.input<E['query']>> }
  : { readonly query?: undefined }
type BodyOf<E extends Endpoint> = E['body'] extends z.ZodType
  ? { readonly body: z.input<E['body']> }
  : { readonly body?: undefined }

export type CallInput<E extends Endpoint> = ParamsOf<E> &
  QueryOf<E> &
  BodyOf<E> & {
    /** A POST repeated with the same key and body answers what it answered before, and does nothing. */
    readonly idempotencyKey?: string
    readonly signal?: AbortSignal
  }
export type CallAnswer<E extends Endpoint> = E['response'] extends z.ZodType
  ? z.output<E['response']>
  : undefined

type InputArguments<E extends Endpoint> =
  Record<never, never> extends CallInput<E> ? [input?: CallInput<E>] : [input: CallInput<E>]

export type Client = {
  /** Sends the request, checks the answer's shape. Throws ProblemError, or TypeError when nobody answers. */
  readonly call: <const E extends Endpoint>(
    endpoint: E,
    ...input: InputArguments<E>
  ) => Promise<CallAnswer<E>>
  /** For uploads, exports and anything else that streams: the answer as it comes, refused ones thrown. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>
  /** The same client in another project. */
  readonly inProject: (slug: string) => Client
}

/** The server refused. `problem` says what, where and how to mend it. */
export class ProblemError extends Error {
  readonly problem: Problem
  /** Seconds to wait, when the server said so. */
  readonly retryAfterSeconds: number | undefined

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.detail} ${problem.hint}`.trim())
    this.name = 'ProblemError'
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export function createClient(options: ClientOptions = {}): Client {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`)
    const request: RequestInit = { ...init, headers }
    if (options.token === undefined) request.credentials = 'same-origin'
    const response = await (options.fetch ?? fetch)(`${options.baseUrl ?? ''}${path}`, request)
    if (!response.ok) throw await problemErrorOf(response)
    return response
  }
  const call = async (endpoint: Endpoint, input: LooseInput = {}): Promise<unknown> => {
    const path = fillPath(endpoint.path, { project: options.project, ...input.params })
    const headers: Record<string, string> = { accept: 'application/json' }
    if (endpoint.body !== undefined) headers['content-type'] = 'application/json'
    if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey
    const response = await send(`${path}${queryText(input.query)}`, {
      method: endpoint.method,
      headers,
      ...(endpoint.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    })
    if (endpoint.response === undefined) {
      await response.arrayBuffer()
      return undefined
    }
    return readAnswer(endpoint, await response.text(), response)
  }
  return {
    call: call as Client['call'],
    send,
    inProject: (slug) => createClient({ ...options, project: slug }),
  }
}

type LooseInput = {
  readonly params?: Readonly<Record<string, string | undefined>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

function fillPath(path: string, values: Readonly<Record<string, string | undefined>>): string {
  return path.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`${path} needs a value for {${name}}`)
    return encodeURIComponent(value)
  })
}

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

function readAnswer(endpoint: Endpoint, text: string, response: Response): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw new ProblemError(
      strangeAnswer(`${endpoint.method} ${endpoint.path} answered something that is not JSON.`, response),
    )
  }
  const parsed = endpoint.response?.safeParse(answer)
  if (parsed?.success === true) return parsed.data
  const where = parsed?.error === undefined ? '' : ` ${z.prettifyError(parsed.error)}`
  throw new ProblemError(
    strangeAnswer(`${endpoint.method} ${endpoint.path} answered an unexpected shape.${where}`, response),
  )
}

async function problemErrorOf(response: Response): Promise<ProblemError> {
  const text = await response.text()
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const seconds = Number.isFinite(retryAfter) ? retryAfter : undefined
  try {
    return new ProblemError(Problem.parse(JSON.parse(text)), seconds)
  } catch {
    return new ProblemError(
      strangeAnswer(`The server answered ${response.status} without saying why.`, response),
      seconds,
    )
  }
}

/** Something in between answered, or client and server are of different versions. */
function strangeAnswer(detail: string, response: Response): Problem {
  const status = response.ok ? 500 : response.status
  const known = Object.entries(PROBLEM_STATUS).find(([, code]) => code === status)?.[0] as
    | ProblemCode
    | undefined
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    code: known ?? 'internal',
    detail,
    hint: 'Check that the address is a Leeway server of the same version, with no proxy in between.',
    requestId: response.headers.get('x-request-id') ?? '',
  }
}
