/** The built page: hashed files for a year, everything else is index.html and always asked for anew. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { AppError } from './app-error.ts'

/** `packages/web/dist`, seen from src/http and from dist/http alike. */
export const WEB_DIRECTORY = fileURLToPath(new URL('../../../web/dist', import.meta.url))

const API = /^\/(api|v1)(\/|$)/

export function pageFiles(directory: string): MiddlewareHandler {
  const file = serveStatic({ root: directory, precompressed: true, onFound: cacheByName })
  const index = serveStatic({
    root: directory,
    rewriteRequestPath: () => '/index.html',
    onFound: (_path, c) => c.header('cache-control', 'no-cache'),
  })
  return async (c, next) => {
    if ((c.req.method !== 'GET' && c.req.method !== 'HEAD') || API.test(c.req.path)) return next()
    if (!existsSync(join(directory, 'index.html'))) return notBuilt(c)
    const found = await file(c, nothing)
    if (found instanceof Response) return found
    // A missing script must not be answered with a page.
    if (c.req.path.startsWith('/assets/')) return next()
    return (await index(c, nothing)) ?? next()
  }
}

const nothing: Next = async () => {}

function cacheByName(path: string, c: Context): void {
  c.header(
    'cache-control',
    /[/\\]assets[/\\]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  )
}

function notBuilt(c: Context): Response {
  if (c.req.path === '/') {
    return c.text(
      'Leeway is running. Its page is not built yet: run "npm run build", then load this again.\n',
      503,
    )
  }
  throw new AppError('not_found', 'There is nothing at this address.', 'The API is under /api.')
}
