import { agentKey, type Bundle, type GovernedAgent } from '../gateway/bundle.ts'
import { GatewayRefusal } from '../gateway/openai-error.ts'

/** Throws GatewayRefusal where no contract of the agent holds. */
export function governedAgent({ governed }: Bundle, projectId: string, name: string): GovernedAgent {
  const agent = governed.get(agentKey(projectId, name))
  if (agent === undefined)
    throw new GatewayRefusal(
      404,
      'agent_not_found',
      `The agent "${name}" has no contract that holds here. Write one first.`,
    )
  return agent
}
