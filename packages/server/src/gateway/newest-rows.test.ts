import { v7 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { projectGauges } from '../monitoring/project-gauges.ts'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { agentKey } from './bundle.ts'
import { gatewayView } from './gateway-view.ts'
import { readBundle } from './read-bundle.ts'
import { hasServedPrice } from './served-price.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { project, effects } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})
const write = (text: string, values: readonly unknown[]) =>
  database.db.$client.query(text, [project.id, ...values])

/** As rows stand that were written before their order was that of the ledger: what is younger has the higher id. */
test.each([
  ['the younger was stored last', ['older', 'younger']],
  ['the younger was stored first', ['younger', 'older']],
] as const)('of rows without a place in the ledger the younger holds: %s', async (_, stored) => {
  const ids = { older: v7(), younger: v7() }
  const policyId = v7()
  const name = stored[0]
  for (const which of stored) {
    const id = ids[which]
    await write(
      `insert into halts (project_id, id, halted, reason, actor, at) values ($1, $2, $3, 'r', 'system:x', now())`,
      [id, which === 'younger'],
    )
    await write(
      `insert into upstreams (project_id, id, name, base_url, timeout_ms, actor, at) values ($1, $2, $3, $4, 1000, 'system:x', now())`,
      [id, `up-${name}`, `http://${which}`],
    )
    await write(
      `insert into policy_servings (project_id, policy_id, id, upstream, model, set, usd_per_million, actor, at)
       values ($1, $2, $3, 'one', $4, '{}', $5, 'system:x', now())`,
      [policyId, id, which, which === 'younger' ? '{"input":1,"output":1}' : null],
    )
  }
  const { halted, upstreams } = await gatewayView(effects, project.id)
  expect(halted).not.toBeNull()
  expect(upstreams.find((one) => one.name === `up-${name}`)?.baseUrl).toBe('http://younger')
  expect(await hasServedPrice(database.db, project.id, policyId)).toBe(true)
  const { sealingKey } = deriveKeys(new Uint8Array(32).fill(7))
  const { governed } = await readBundle(database.db, sealingKey)
  expect(governed.get(agentKey(project.id, 'desk'))?.halted).toBe(true)
  const gauges = await projectGauges(database.db, project.id, effects.now())
  expect(await gauges.metrics()).toContain('leeway_halted 1')
})
