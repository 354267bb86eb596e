/** The ledger: what was proposed, approved, decided and changed, by whom, in one hash chain a project. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PageQuery, pageOf } from './page.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One link of the chain, exactly as it was hashed and signed. */
export const LedgerEntry = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  /** `person:<id>`, `key:<id>` or the name of a part of the server. */
  actor: z.string(),
  /** Noun-verb, e.g. `release.started`. */
  action: z.string(),
  body: z.unknown(),
  prevHash: Sha256,
  hash: Sha256,
  signature: z.string(),
  keyId: z.string(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

export const ListedLedgerEntry = LedgerEntry.extend({
  /** Name of the person or key, when it is still known. */
  actorName: z.string().nullable(),
  /** What happened, for people: "Ada approved sample-50 for refunds-v2 on check 41." */
  sentence: z.string(),
})
export type ListedLedgerEntry = z.infer<typeof ListedLedgerEntry>

export const LedgerQuery = PageQuery.extend({
  action: z.string().max(100).optional(),
  actor: z.string().max(200).optional(),
  /** At this instant or later. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before this instant. */
  to: z.iso.datetime({ offset: true }).optional(),
})
/** Newest first. */
export const LedgerPage = pageOf(ListedLedgerEntry)

export const LedgerHead = z.object({
  /** 0 for a ledger without entries. */
  seq: z.number().int(),
  hash: Sha256,
  /** `seq:hash`: keep it outside this server, and `verify --expect` shows later that nothing before it changed. */
  text: z.string(),
})
export type LedgerHead = z.infer<typeof LedgerHead>

export const LEDGER_FAULTS = [
  'changed',
  'removed',
  'reordered',
  'truncated',
  'bad_signature',
  'unknown_key',
  'unexpected_head',
] as const

export const LedgerFault = z.object({
  kind: z.enum(LEDGER_FAULTS),
  /** Entry where it shows. */
  seq: z.number().int(),
  text: z.string(),
})
export type LedgerFault = z.infer<typeof LedgerFault>

export const LedgerVerification = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  head: LedgerHead,
  /** Keys that signed, in order of first use. */
  keys: z.array(z.object({ keyId: z.string(), fromSeq: z.number().int(), ofThisServer: z.boolean() })),
  /** In order of seq; at most 100 in full. */
  faults: z.array(LedgerFault),
  faultCount: z.number().int(),
})
export type LedgerVerification = z.infer<typeof LedgerVerification>

export const HeadText = z
  .string()
  .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'expected seq:hash as `leeway ledger head` prints it')

/** First line of an export; every further line is a LedgerEntry. */
export const LedgerExportHeader = z.object({
  kind: z.literal('leeway-ledger'),
  version: z.literal(1),
  projectId: z.uuid(),
  project: z.string(),
  exportedAt: z.iso.datetime(),
})
export type LedgerExportHeader = z.infer<typeof LedgerExportHeader>

export const listLedger = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/ledger',
  query: LedgerQuery,
  response: LedgerPage,
})
export const showLedgerHead = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/ledger/head',
  response: LedgerHead,
})
export const verifyLedger = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/ledger/verify',
  query: z.object({ expect: HeadText.optional() }),
  response: LedgerVerification,
})
