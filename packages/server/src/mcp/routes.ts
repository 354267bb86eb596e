/** HTTP of the servers that the MCP gate stands before. */
import { McpServerList, SetMcpServer } from '@leeway/contract/mcp'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { listMcpServers, setMcpServer } from './set-server.ts'

const listed = {
  200: {
    description: 'The servers, by name.',
    content: { 'application/json': { schema: McpServerList } },
  },
}
const listRoute = projectRoute({
  method: 'get',
  path: '/mcp/servers',
  scope: 'read',
  summary: 'List the servers that the MCP gate stands before',
  responses: listed,
})
const setRoute = projectRoute({
  method: 'post',
  path: '/mcp/servers',
  scope: 'admin',
  summary: 'Set where an MCP server is; a name that is there gets the new address',
  request: { body: { required: true, content: { 'application/json': { schema: SetMcpServer } } } },
  responses: listed,
})

export function mcpRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => c.json(await listMcpServers(effects.db, c.var.project.id), 200))
  router.openapi(setRoute, async (c) => {
    const { project, principal } = c.var
    await setMcpServer(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await listMcpServers(effects.db, project.id), 200)
  })
  return router
}
