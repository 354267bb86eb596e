/**
 * Sends one message. Redirects are not followed, answers are not read, and the address is looked at when the connection is made: a
 * name that points to a private network is refused whatever it pointed to before.
 */
import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { isPrivateAddress } from './private-address.ts'

export type Sent = {
  readonly status: number | null
  /** In one sentence; null where it was taken. */
  readonly problem: string | null
  readonly tookMs: number
}

const TIMEOUT_MS = 10_000
const PRIVATE = 'The address is in a private network, which this server does not send to.'
const NOT_HTTPS = 'The address does not begin with https.'

const publicOnly: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '')
    const refused = found.find(({ address }) => isPrivateAddress(address))
    const [first] = found
    if (refused !== undefined || first === undefined) return done(new PrivateAddressError(PRIVATE), '')
    if (options.all === true) done(null, found)
    else done(null, first.address, first.family)
  })
}

class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

const agents = {
  public: new Agent({ connect: { lookup: publicOnly, timeout: TIMEOUT_MS }, pipelining: 0 }),
  any: new Agent({ connect: { timeout: TIMEOUT_MS }, pipelining: 0 }),
}

/** A sentence where nothing may be sent to this address as it is written. */
export function refusedUrl(url: string, allowsPrivate: boolean): string | null {
  const { protocol, hostname, username, password } = new URL(url)
  if (username !== '' || password !== '') return 'The address holds a name or a password.'
  if (allowsPrivate) return null
  if (protocol !== 'https:') return NOT_HTTPS
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && isPrivateAddress(host) ? PRIVATE : null
}

/** Never rejects. */
export async function sendMessage(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  allowsPrivate: boolean,
): Promise<Sent> {
  const startedMs = performance.now()
  const done = (status: number | null, problem: string | null): Sent => ({
    status,
    problem,
    tookMs: Math.round(performance.now() - startedMs),
  })
  const refused = refusedUrl(url, allowsPrivate)
  if (refused !== null) return done(null, refused)
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'leeway-webhooks' },
      body,
      dispatcher: allowsPrivate ? agents.any : agents.public,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // Its connection is free again; what it says is of no use here.
    await answer.body.dump().catch(() => {})
    const { statusCode: status } = answer
    return done(status, status >= 200 && status < 300 ? null : `It answered ${status}.`)
  } catch (error) {
    return done(null, wordsOf(error))
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof PrivateAddressError) return error.message
  const code = (error as { code?: unknown }).code
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer within 10 seconds.'
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)
    ? `It could not be reached (${code}).`
    : 'It could not be reached.'
}
