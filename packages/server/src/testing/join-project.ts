/** People for tests: invited, joined and signed in as anybody would be. */
import { IssuedLink } from '@leeway/contract/accounts'
import type { Role } from '../http/environment.ts'
import type { TestServer } from './test-server.ts'

/** The cookie of a new person with this role in the server's project. */
export async function joinProject(server: TestServer, role: Role, name: string): Promise<string> {
  const invited = await server.request(`/api/projects/${server.project.slug}/members/invite`, {
    token: server.operatorToken,
    json: { role },
  })
  const link = IssuedLink.parse(await invited.json())
  const joined = await server.request('/api/links/redeem', {
    json: {
      token: link.url.split('#')[1],
      password: 'correct horse battery',
      email: `${name.toLowerCase()}@example.org`,
      name,
    },
  })
  if (!joined.ok) throw new Error(`${name} could not join: ${joined.status} ${await joined.text()}`)
  return joined.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
