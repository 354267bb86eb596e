/** Contracts over HTTP where the ladder names two approvals: who may issue what, alone and together. */
import { ContractProposal, ContractProposals, SignedContract } from '@leeway/contract/autonomy'
import { LedgerPage } from '@leeway/contract/ledger'
import type { Problem } from '@leeway/contract/problem'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { project } = world.server
const [ada, bob] = [
  await joinProject(world.server, 'admin', 'Ada'),
  await joinProject(world.server, 'admin', 'Bob'),
]
const rita = await joinProject(world.server, 'rater', 'Rita')
afterAll(async () => {
  await world.close()
  await database.close()
})

type Who = { readonly cookie: string } | { readonly token: string }
const as = (cookie: string): Who => ({ cookie })
const ask = async (who: Who, path: string, json?: unknown) => {
  const answer = await world.server.request(`/api/projects/${project.slug}${path}`, {
    ...who,
    ...(json === undefined ? {} : { json }),
  })
  return { status: answer.status, body: (await answer.json()) as unknown }
}
const refusal = async (asked: ReturnType<typeof ask>) => {
  const { status, body } = await asked
  expect(status).toBeGreaterThanOrEqual(400)
  return (body as Problem).detail
}
const CONTRACT = {
  agent: 'desk',
  baseline: 'v1',
  tools: DESK_TOOLS,
  grant: { withoutReview: 0.5 },
  expiresInDays: 30,
  reason: 'for a test',
}
const LOOSER = { ...CONTRACT, grant: { withoutReview: 0.9 }, reason: 'it does well' }
const newest = async () => SignedContract.parse((await ask(as(ada), '/contracts/one?agent=desk')).body)
const waiting = async () => ContractProposals.parse((await ask(as(ada), '/contracts/proposals')).body).items
const propose = async (cookie: string, contract: object) => {
  const { status, body } = await ask(as(cookie), '/contracts/proposals', contract)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return ContractProposal.parse(body)
}
const setApprovals = (approvals: 1 | 2) =>
  ask(as(ada), '/ladders', {
    agent: 'desk',
    ladder: { ...DEFAULT_LADDER, name: `by ${approvals}`, approvals },
  })

beforeAll(async () => {
  expect((await ask(as(ada), '/contracts', CONTRACT)).status).toBe(200)
})
beforeEach(async () => {
  expect((await setApprovals(2)).status).toBe(200)
})

test('one person alone may take away at once, for no longer than before, and give nothing', async () => {
  expect(await refusal(ask(as(ada), '/contracts', LOOSER))).toMatch(/wants two people.*10 % of the calls/s)
  const more = [{ name: 'wire', stakes: 'reversible' }]
  expect(
    await refusal(ask(as(ada), '/contracts', { ...CONTRACT, tools: [...DESK_TOOLS, ...more] })),
  ).toContain('wire may be called')
  const before = await newest()
  const tighter = { ...CONTRACT, grant: { withoutReview: 0.4 }, expiresInDays: 300 }
  const { status } = await ask(as(ada), '/contracts', tighter)
  expect(status).toBe(200)
  const { contract } = await newest()
  expect(contract.baseline.withoutReview).toBe(0.4)
  expect(contract.expiresAt).toBe(before.contract.expiresAt)
})

test('a proposal holds once another person approves it, who read what it changes, and names both', async () => {
  const proposal = await propose(ada, LOOSER)
  expect(proposal).toMatchObject({ agent: 'desk', proposerName: 'Ada', own: true, cannot: null })
  expect(ContractProposals.parse((await ask(as(bob), '/contracts/proposals')).body).items[0]?.own).toBe(false)
  expect(proposal.changes[0]).toMatchObject({ kind: 'looser' })
  const version = (await newest()).contract.version
  expect(proposal.against).toBe(version)
  const approve = (who: Who, body: object) => ask(who, `/contracts/proposals/${proposal.id}/approve`, body)
  expect(await refusal(approve(as(ada), { against: version }))).toBe('You have proposed it.')
  expect((await approve(as(rita), { against: version })).status).toBe(403)
  expect(await refusal(approve({ token: world.adminKey }, { against: version }))).toContain('API key')
  expect((await newest()).contract.version).toBe(version)
  const { status, body } = await approve(as(bob), { against: version })
  expect(status).toBe(200)
  const issued = SignedContract.parse(body)
  expect(issued.contract.baseline.withoutReview).toBe(0.9)
  expect(issued.names?.approvers).toEqual(['Ada', 'Bob'])
  expect(issued.reason).toBe('it does well')
  expect(await waiting()).toEqual([])
  expect((await approve(as(bob), { against: version + 1 })).status).toBe(409)
  const { items } = LedgerPage.parse((await ask(as(ada), '/ledger?action=contract.proposed')).body)
  expect(items[0]?.body).toMatchObject({ proposal: proposal.id })
})

test('what was taken away meanwhile is not brought back by an approval of what was read before', async () => {
  const proposal = await propose(ada, { ...LOOSER, reason: 'once more' })
  const tighter = { ...CONTRACT, grant: { withoutReview: 0 }, expiresInDays: 1 }
  expect((await ask(as(bob), '/contracts', tighter)).status).toBe(200)
  const path = `/contracts/proposals/${proposal.id}/approve`
  expect(await refusal(ask(as(bob), path, { against: proposal.against }))).toContain('has changed since')
  const [read] = await waiting()
  expect((read?.against ?? 0) - (proposal.against ?? 0)).toBe(1)
  expect((await ask(as(bob), path, { against: read?.against })).status).toBe(200)
})

test('two names on one key are one hand; another key is another', async () => {
  const [one, other] = [
    await world.server.key(['read', 'release', 'admin']),
    await world.server.key(['read', 'release', 'admin']),
  ]
  const { body } = await ask({ token: one }, '/contracts/proposals', { ...LOOSER, approver: 'Cleo' })
  const { id, against, proposerName } = ContractProposal.parse(body)
  expect(proposerName).toBe('Cleo')
  const approve = (token: string) =>
    ask({ token }, `/contracts/proposals/${id}/approve`, { against, approver: 'Dora' })
  expect(await refusal(approve(one))).toContain('has approved already')
  const { status } = await approve(other)
  expect(status).toBe(200)
  expect((await newest()).names?.approvers).toEqual(['Cleo', 'Dora'])
})

test('two who approve at once issue one contract', async () => {
  const proposal = await propose(ada, LOOSER)
  const cleo = await joinProject(world.server, 'admin', 'Cleo')
  const answers = await Promise.all(
    [bob, cleo].map((cookie) =>
      ask(as(cookie), `/contracts/proposals/${proposal.id}/approve`, { against: proposal.against }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect((await newest()).contract.version).toBe((proposal.against ?? 0) + 1)
})

test('a newer proposal takes the place of an older one, and one that is withdrawn waits no more', async () => {
  const older = await propose(ada, LOOSER)
  const newer = await propose(bob, { ...LOOSER, reason: 'better words' })
  expect((await waiting()).map(({ id }) => id)).toEqual([newer.id])
  const path = (id: string, what: string) => `/contracts/proposals/${id}/${what}`
  expect(await refusal(ask(as(bob), path(older.id, 'approve'), { against: older.against }))).toContain(
    'replaced',
  )
  expect((await ask(as(ada), path(newer.id, 'withdraw'), {})).body).toEqual({ items: [] })
  expect(await refusal(ask(as(ada), path(newer.id, 'approve'), { against: newer.against }))).toContain(
    'withdrawn',
  )
})

test('what could not be issued is not proposed', async () => {
  expect(await refusal(ask(as(ada), '/contracts/proposals', { ...LOOSER, baseline: 'v9' }))).toContain(
    'no policy "v9"',
  )
})

test('where the ladder names one approval, one person writes; the ladder of an open release still counts', async () => {
  await world.api('/releases', { agent: 'desk', baseline: 'v1', candidate: 'v2', unitSource: 'stream' })
  expect((await setApprovals(1)).status).toBe(200)
  expect(await refusal(ask(as(ada), '/contracts', { ...LOOSER, grant: { withoutReview: 1 } }))).toContain(
    'two people',
  )
})
