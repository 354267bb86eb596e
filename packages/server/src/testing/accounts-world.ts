/** A server with a first admin, Ada, and the ways in: links, passwords, invitations. */
import { IssuedLink, MemberPage } from '@leeway/contract/accounts'
import { expect } from 'vitest'
import { testDatabase } from './database.ts'
import { testServer } from './test-server.ts'

export const PASSWORD = 'correct horse battery'

export async function accountsWorld() {
  const database = await testDatabase()
  const server = await testServer(database.db)
  const { effects } = server

  const cookieOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  const tokenOf = (link: IssuedLink) => link.url.split('#')[1] ?? ''

  const adminLink = async () =>
    IssuedLink.parse(
      await (await server.request('/api/admin/link', { token: server.operatorToken, json: {} })).json(),
    )
  const redeem = (token: string, email?: string, more: object = {}) =>
    server.request('/api/links/redeem', {
      json: {
        token,
        password: PASSWORD,
        ...(email === undefined ? {} : { email, name: email.split('@')[0] }),
        ...more,
      },
    })
  const signIn = (email: string, password = PASSWORD) =>
    server.request('/api/auth/sign-in/email', { json: { email, password } })
  const invite = async (cookie: string, role: string) =>
    IssuedLink.parse(
      await (await server.request('/api/projects/default/members/invite', { cookie, json: { role } })).json(),
    )
  const members = async (cookie: string) =>
    MemberPage.parse(await (await server.request('/api/projects/default/members', { cookie })).json()).items
  const joined = await redeem(tokenOf(await adminLink()), 'ada@example.org')
  expect(joined.status).toBe(200)
  return {
    database,
    server,
    effects,
    cookieOf,
    tokenOf,
    adminLink,
    redeem,
    signIn,
    invite,
    members,
    ada: cookieOf(joined),
    /** Limits by time are as new. */
    refill: () => effects.advance(3600_000),
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}
