/** The rules of a project that its episodes obey: redaction before the first write, and how long text is kept. */
import { createHash } from 'node:crypto'
import { EpisodeRules, RedactionRules } from '@leeway/contract/episodes'
import type { Json } from '@leeway/core/episodes/episode'
import { eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { projects } from '../projects/tables.ts'
import { canonicalJson } from './canonical-json.ts'
import { type Redactor, redactorFor } from './redaction/redactor.ts'

export async function readEpisodeRules(executor: Executor, projectId: string): Promise<EpisodeRules> {
  const [project] = await executor
    .select({ redaction: projects.redaction, retentionDays: projects.retentionDays })
    .from(projects)
    .where(eq(projects.id, projectId))
  if (project === undefined)
    throw new AppError('not_found', 'There is no such project.', 'Check the name of the project.')
  const rules = EpisodeRules.safeParse(project)
  if (rules.success) return rules.data
  throw new AppError(
    'unprocessable',
    `The redaction rules of this project cannot be read: ${rules.error.issues[0]?.message}`,
    'Write them anew with PUT /episode-rules.',
  )
}

/** Holds from the next import on; what is stored already is not changed. The ledger keeps the hash of the rules. */
export async function writeEpisodeRules(
  effects: Pick<Effects, 'db' | 'now' | 'ledgerSigner'>,
  projectId: string,
  actor: string,
  rules: EpisodeRules,
): Promise<EpisodeRules> {
  requireRedactor(rules.redaction, projectId)
  return effects.db.transaction(async (tx) => {
    await tx
      .update(projects)
      .set({ redaction: rules.redaction, retentionDays: rules.retentionDays })
      .where(eq(projects.id, projectId))
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: effects.now(),
      actor,
      action: 'episode-rules.changed',
      body: {
        redactionRules: rules.redaction.length,
        redactionSha256: createHash('sha256')
          .update(canonicalJson(rules.redaction as Json))
          .digest('hex'),
        retentionDays: rules.retentionDays,
      },
    })
    return rules
  })
}

/** The redactor of these rules; throws AppError bad_request that names the rule that cannot be used. */
export function requireRedactor(rules: RedactionRules, projectId: string): Redactor {
  const redactor = redactorFor(rules, projectId)
  if (!('problems' in redactor)) return redactor
  throw new AppError(
    'bad_request',
    redactor.problems.map(({ reason }) => reason).join(' '),
    'Change the named rule. docs/guide/import.md describes paths and patterns.',
    { field: `redaction${redactor.problems[0]?.field ?? ''}` },
  )
}

/** Rules as JSON text, from a query. */
export function parseRules(text: string): RedactionRules {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AppError('bad_request', 'The rules are not JSON.', 'Send a JSON list of rules.', {
      field: 'query.rules',
    })
  }
  const rules = RedactionRules.safeParse(value)
  if (rules.success) return rules.data
  const issue = rules.error.issues[0]
  throw new AppError(
    'bad_request',
    `rules${issue?.path.map((key) => `[${String(key)}]`).join('') ?? ''}: ${issue?.message ?? 'not valid'}`,
    'A rule is {"kind":"field","label":"…","path":"…"} or {"kind":"pattern","label":"…","pattern":"…"}.',
    { field: 'query.rules' },
  )
}
