import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'

const FACTS = [
  'adjudications',
  'alert_ends',
  'alerts',
  'anchors',
  'approval_pause_note_ends',
  'approval_pause_notes',
  'assignment_purposes',
  'assignments',
  'audit_draws',
  'autonomy_contracts',
  'checks',
  'claim_marks',
  'comparison_answers',
  'comparison_draws',
  'comparison_known',
  'comparison_pairs',
  'comparison_requests',
  'contract_proposal_ends',
  'contract_proposals',
  'criteria',
  'critique_reveals',
  'critique_rules',
  'debate_judgments',
  'debate_seats',
  'debate_speeches',
  'debates',
  'decisions',
  'drift_limits',
  'drift_readings',
  'episode_chunks',
  'episode_tombstones',
  'episodes',
  'gateway_episodes',
  'gateway_reaches',
  'gateway_scores',
  'gateway_turns',
  'gold_answers',
  'gold_retirements',
  'halts',
  'hold_answers',
  'hold_escalations',
  'hold_uses',
  'holds',
  'incident_ends',
  'incidents',
  'judge_runs',
  'labels',
  'ladders',
  'ledger_entries',
  'link_items',
  'look_draws',
  'look_plans',
  'mcp_servers',
  'model_calls',
  'part_answers',
  'pause_note_ends',
  'pause_notes',
  'planted_claims',
  'planted_faults',
  'planted_request_draws',
  'planted_request_rules',
  'planted_requests',
  'planted_reviews',
  'policy_servings',
  'question_form_rules',
  'question_forms',
  'rater_conflicts',
  'rater_copies',
  'rater_tiers',
  'ratings',
  'release_supervisors',
  'releases',
  'round_answers',
  'rubric_draft_answers',
  'rubric_drafts',
  'rubrics',
  'second_look_labels',
  'second_looks',
  'selections',
  'shadow_calls',
  'spend_limits',
  'split_openings',
  'split_reveals',
  'split_rules',
  'splits',
  'studies',
  'study_answers',
  'study_consents',
  'study_items',
  'study_places',
  'study_stops',
  'supervisors',
  'upstreams',
  'validity_answers',
  'validity_places',
  'validity_round_ends',
  'validity_rounds',
  'vetting_draws',
  'vetting_rules',
  'watch_alarms',
  'watch_readings',
  'watched_units',
  'watches',
  'webhook_deliveries',
  'webhook_ends',
  'webhook_events',
  'webhooks',
  'written_claims',
  'written_request_ends',
  'written_requests',
] as const

const database = await testDatabase()
afterAll(database.close)

type Column = { column_name: string; data_type: string }

/** One row in each table, of whatever its columns can hold. Foreign keys are not what is tested here. */
beforeAll(async () => {
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const table of FACTS) {
      const columns = await tx.execute<Column>(
        sql`select column_name, data_type from information_schema.columns where table_name = ${table} and is_nullable = 'NO'`,
      )
      const names = columns.rows.map(({ column_name }) => `"${column_name}"`)
      const values = columns.rows.map(({ data_type }) => SOME_VALUE[data_type] ?? `'x'`)
      await tx.execute(sql.raw(`insert into ${table} (${names}) values (${values})`))
    }
  })
})

const SOME_VALUE: Readonly<Record<string, string>> = {
  uuid: `'01a206c9-2122-713b-8685-8251d0f3d356'`,
  integer: '1',
  bigint: '1',
  smallint: '1',
  'double precision': '0.5',
  boolean: 'true',
  jsonb: `'{}'`,
  ARRAY: `'{}'`,
  bytea: `'\\x00'`,
  'timestamp with time zone': 'now()',
}

const refused = async (statement: string, erasing = false): Promise<string> => {
  try {
    await database.db.transaction(async (tx) => {
      if (erasing) await tx.execute(sql`set local leeway.erasing = 'on'`)
      await tx.execute(sql.raw(statement))
      throw new Error('accepted')
    })
  } catch (error) {
    const cause = (error as Error).cause
    return cause instanceof Error ? cause.message : (error as Error).message
  }
  throw new Error('unreachable')
}

describe.each(FACTS)('%s', (table) => {
  test('has a row, and neither UPDATE, DELETE nor TRUNCATE is accepted', async () => {
    const rows = await database.db.execute(sql.raw(`select 1 from ${table}`))
    expect(rows.rows).toHaveLength(1)
    expect(await refused(`update ${table} set project_id = project_id`)).toMatch(
      `UPDATE on ${table} is refused`,
    )
    expect(await refused(`delete from ${table}`)).toMatch(`DELETE on ${table} is refused`)
    expect(await refused(`truncate ${table} cascade`)).toMatch(/TRUNCATE on \w+ is refused/)
  })

  test('not even when triggers of ordinary kind are off', async () => {
    expect(await refused(`set local session_replication_role = replica; delete from ${table}`)).toMatch(
      `DELETE on ${table} is refused`,
    )
  })

  test('an erasing transaction may delete the content of episodes, and nothing else', async () => {
    const erasable = table === 'episodes' || table === 'episode_chunks'
    const answer = await refused(`delete from ${table}`, true)
    if (erasable) expect(answer).toBe('accepted')
    else expect(answer).toMatch(`DELETE on ${table} is refused`)
    expect(await refused(`truncate ${table}`, true)).not.toBe('accepted')
  })
})

test('the permission to erase ends with its transaction', async () => {
  const client = await database.db.$client.connect()
  try {
    await client.query(`begin; set local leeway.erasing = 'on'; commit`)
    await expect(client.query('delete from episodes')).rejects.toThrow('DELETE on episodes is refused')
  } finally {
    client.release()
  }
})

test('every fact table has the trigger, and this list is complete', async () => {
  const found = await database.db.execute<{ name: string }>(
    sql`select tgrelid::regclass::text as name from pg_trigger where tgname = 'append_only' order by 1`,
  )
  expect(found.rows.map(({ name }) => name)).toEqual([...FACTS])
})
