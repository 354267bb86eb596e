/** HTTP of the ledger: the list for people, the head to keep, the check, the export for others to check. */
import {
  type LedgerExportHeader,
  LedgerHead,
  LedgerPage,
  LedgerQuery,
  LedgerVerification,
  verifyLedger as verifyLedgerEndpoint,
} from '@leeway/contract/ledger'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { actorKind, readActorNames, readSubjectNames } from './actor-names.ts'
import { describeEntry, namedIds } from './describe-entry.ts'
import { findLedgerEntries, readLedgerHead, walkLedger } from './ledger-store.ts'
import { verifyLedger } from './verify-ledger.ts'

const list = projectRoute({
  method: 'get',
  path: '/ledger',
  scope: 'read',
  summary: 'Entries of the ledger, newest first',
  request: { query: LedgerQuery },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: LedgerPage } } } },
})

const head = projectRoute({
  method: 'get',
  path: '/ledger/head',
  scope: 'read',
  summary: 'Number and hash of the last entry',
  responses: { 200: { description: 'The head', content: { 'application/json': { schema: LedgerHead } } } },
})

const verify = projectRoute({
  method: 'get',
  path: '/ledger/verify',
  scope: 'read',
  summary: 'Check every hash, link and signature',
  request: { query: verifyLedgerEndpoint.query },
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: LedgerVerification } } },
  },
})

const exportRoute = projectRoute({
  method: 'get',
  path: '/ledger/export',
  scope: 'read',
  summary: 'The whole ledger as JSON lines, to be checked without this server',
  responses: {
    // No schema: the answer is written line by line.
    200: { description: 'application/x-ndjson: a header, then one entry a line' },
  },
})

export function ledgerRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query')
    const projectId = c.var.project.id
    const beforeSeq = decodeCursor(cursor, z.tuple([z.number().int()]))?.[0]
    const rows = await findLedgerEntries(effects.db, projectId, { ...filter, beforeSeq, limit: limit + 1 })
    const page = pageOfRows(rows, limit, (row) => [row.seq])
    const names = await readActorNames(
      effects.db,
      projectId,
      page.rows.map(({ actor }) => actor),
    )
    const subjects = await readSubjectNames(effects.db, projectId, page.rows.flatMap(namedIds))
    const items = page.rows.map((entry) => {
      const actorName = names.get(entry.actor) ?? null
      return {
        ...entry,
        actorName,
        sentence: describeEntry(entry, actorName ?? actorKind(entry.actor), subjects),
      }
    })
    return c.json({ items, nextCursor: page.nextCursor }, 200)
  })
  router.openapi(head, async (c) => c.json(await readLedgerHead(effects.db, c.var.project.id), 200))
  router.openapi(verify, async (c) =>
    c.json(await verifyLedger(effects, c.var.project.id, c.req.valid('query').expect), 200),
  )
  router.openapi(exportRoute, (c) => {
    const { project } = c.var
    const header: LedgerExportHeader = {
      kind: 'leeway-ledger',
      version: 1,
      projectId: project.id,
      project: project.slug,
      exportedAt: effects.now().toISOString(),
    }
    c.header('content-type', 'application/x-ndjson')
    c.header('content-disposition', `attachment; filename="ledger-${project.slug}.jsonl"`)
    return stream(c, async (out) => {
      await out.write(`${JSON.stringify(header)}\n`)
      for await (const entry of walkLedger(effects.db, project.id))
        await out.write(`${JSON.stringify(entry)}\n`)
    })
  })
  return router
}
