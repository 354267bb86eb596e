/** Refuses writes that another site's page makes with a visitor's cookie. Keys are exempt: no browser adds them. */
import type { Context } from 'hono'
import { AppError } from './app-error.ts'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The scheme and host people see: the configured one, or what the request was sent to. */
export function ownOrigin(c: Context, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin
  return `http://${c.req.header('host') ?? 'localhost'}`
}

/** A write must say that it comes from our own page: by Origin, or by Sec-Fetch-Site where Origin is missing. */
export function requireOwnOrigin(c: Context, publicUrl: string | undefined): void {
  if (READS.has(c.req.method)) return
  const origin = c.req.header('origin')
  const own = ownOrigin(c, publicUrl)
  if (origin === own) return
  if (origin === undefined && c.req.header('sec-fetch-site') === 'same-origin') return
  throw new AppError(
    'forbidden',
    origin === undefined
      ? 'This write came with a session cookie but without an Origin header.'
      : `This write came from ${origin.slice(0, 200)}, not from ${own}.`,
    'Use the page of this server, or an API key instead of a cookie. Behind a proxy, set the public URL.',
  )
}

/** For sign-in, which needs no session yet. Programs send no Origin and hold no cookie; browsers always send one with a POST. */
export function requireOwnOriginOfPage(c: Context, publicUrl: string | undefined): void {
  const fromBrowser = c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined
  if (fromBrowser || c.req.header('cookie') !== undefined) requireOwnOrigin(c, publicUrl)
}
