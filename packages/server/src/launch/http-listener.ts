/** The listening socket: opens it with a clear refusal, and closes it without cutting off who is being served. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { LaunchError } from './launch-error.ts'

export type HttpListener = {
  /** As this machine reaches it: `http://127.0.0.1:4400`. */
  readonly address: string
  /** Takes no new connections, waits for requests under way, cuts off what is left after the deadline. */
  readonly drain: (deadlineMs: number) => Promise<void>
}

type Fetch = Parameters<typeof getRequestListener>[0]

/** Answers some requests itself: true when it has taken this one. */
export type TakesFirst = (request: IncomingMessage, response: ServerResponse) => boolean

export async function listen(
  fetch: Fetch,
  host: string,
  port: number,
  takesFirst: TakesFirst = () => false,
  /** By which another port is chosen. */
  flag = '--port',
): Promise<HttpListener> {
  const others = getRequestListener(fetch)
  const server = createServer((request, response) => {
    if (!takesFirst(request, response)) void others(request, response)
  })
  // An import of many gigabytes may take longer than Node's five minutes for one request.
  server.requestTimeout = 0
  await new Promise<void>((done, fail) => {
    server.once('error', (error) => fail(refusal(error, host, port, flag)))
    server.listen({ host, port }, done)
  })
  const { port: taken } = server.address() as AddressInfo
  return { address: `http://${reachable(host)}:${taken}`, drain: (deadlineMs) => drain(server, deadlineMs) }
}

async function drain(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  server.closeIdleConnections()
  // A browser keeps its connection after its last answer; those become idle one by one.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number, flag: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new LaunchError(
      `Port ${port} on ${host} is in use by another program. Stop it, or choose another with ${flag} (0 takes any free one).`,
      { cause: error },
    )
  }
  if (error.code === 'EACCES') {
    return new LaunchError(`This user may not listen on port ${port}. Choose one above 1023 with ${flag}.`, {
      cause: error,
    })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new LaunchError(`${host} is no address of this machine. Choose another with --host.`, {
      cause: error,
    })
  }
  return error
}
