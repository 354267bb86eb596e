/** What every route can rely on: who asks, in which project, and the few effects services are given. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import type { Database } from '../db/connect.ts'
import type { LedgerSigner } from '../ledger/append.ts'

export const ROLES = ['admin', 'rater', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/**
 * read: everything but secrets; ingest: episodes; act: as an agent, through the gateway; rate: answers; release: start,
 * approve, roll back; admin: the rest.
 */
export const SCOPES = ['read', 'ingest', 'act', 'rate', 'release', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export type Principal =
  | {
      readonly kind: 'person'
      readonly userId: string
      readonly name: string
      readonly email: string
      readonly role: Role
    }
  | { readonly kind: 'key'; readonly keyId: string; readonly name: string; readonly scopes: readonly Scope[] }

/** `person:<id>` or `key:<id>`: how an actor is written into decisions and the ledger. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'person' ? `person:${principal.userId}` : `key:${principal.keyId}`
}

export type Project = { readonly id: string; readonly slug: string; readonly name: string }

/** The effects a service may use. Passed in, so that tests choose the clock and the ids. */
export type Effects = {
  readonly db: Database
  readonly now: () => Date
  /** UUIDv7. */
  readonly newId: () => string
  /** Cryptographically random bytes. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly ledgerSigner: LedgerSigner
  readonly log: Logger
}

/** Hono's type parameter for every route under `/api/projects/:project`. */
export type ProjectEnv = {
  Variables: {
    requestId: string
    principal: Principal
    project: Project
    /** Set by a route whose answer holds a secret: it is not kept for repeats of the request. */
    shownOnce?: true
  }
}

/** All routes together. */
export type App = OpenAPIHono<ProjectEnv>
