import { createHash } from 'node:crypto'
import type { DeclaredPolicy, DeclarePolicy } from '@leeway/contract/policies'
import type { Json } from '@leeway/core/episodes/episode'
import { canonicalJson } from '../episodes/canonical-json.ts'
import type { Effects } from '../http/environment.ts'
import { ensureAgent, ensurePolicy } from './ensure-policy.ts'

/** Records a policy with its complete configuration. The same name and configuration again is the same policy. */
export async function declarePolicy(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  projectId: string,
  wanted: DeclarePolicy,
): Promise<DeclaredPolicy> {
  const config = wanted.config as Json
  const configSha256 = configHash(config)
  return effects.db.transaction(async (tx) => {
    const agent = await ensureAgent(tx, effects, projectId, wanted.agent)
    const { policy, added } = await ensurePolicy(tx, effects, {
      projectId,
      agentId: agent.id,
      name: wanted.name,
      configSha256,
      config,
    })
    return { id: policy.id, configSha256, added }
  })
}

/** SHA-256 (hex) of the RFC 8785 canonical JSON of a configuration. */
export function configHash(config: Json): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex')
}
