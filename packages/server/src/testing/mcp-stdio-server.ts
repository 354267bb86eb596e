/** That server as a process of its own, over stdio: `node … mcp-stdio-server.ts FILE`; what it carried out goes into the file. */
import { appendFileSync } from 'node:fs'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { mcpTools } from './mcp-tools.ts'

const [, , file = '/dev/null'] = process.argv
const tools = mcpTools({
  did: (what) => appendFileSync(file, `${what}\n`),
  die: () => process.exit(1),
})
await tools.connect(new StdioServerTransport())
appendFileSync(file, `token ${process.env.LEEWAY_TOKEN ?? 'none'} own ${process.env.SHOP_TOKEN ?? 'none'}\n`)
