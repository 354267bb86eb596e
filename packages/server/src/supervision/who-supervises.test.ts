/** Who may supervise whom, and as what: registered, named or by default. Over real HTTP. */
import { and, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { claimsAbout } from '../critiques/claims-about.ts'
import { ledgerEntries } from '../ledger/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { runsOf, startedRelease, type VouchedWorld, vouchedBench } from '../testing/vouched-world.ts'

const bench = await vouchedBench()
const { db, effects } = bench
afterAll(bench.close)

const entries = (here: VouchedWorld, action: string) =>
  db
    .select()
    .from(ledgerEntries)
    .where(and(eq(ledgerEntries.projectId, here.projectId), eq(ledgerEntries.action, action)))

test('the policy that was promoted last supervises unless somebody names another, and the ledger says who', async () => {
  const here = await bench.world('defaults', { units: 30, failing: { v1: 0.5, v2: 0.3, v3: 0.3, v4: 0.3 } })
  const nobody = await startedRelease(here, 'v1', 'v4')
  expect((await here.chain(nobody)).links).toMatchObject([{ supervisor: null, charge: 'v4' }])
  const one = await here.declare('one')
  await here.register(one, 'v1')
  const outside = await here.declare('outside')
  await here.register(outside, 'v4')
  const byDefault = await startedRelease(here, 'v1', 'v2')
  expect(await here.chain(byDefault)).toMatchObject({
    ground: { kind: 'anchor', policy: 'v1' },
    bar: { stage: 'suggest', catchMin: 0.6, auditShareMin: 0.05 },
    links: [
      {
        charge: 'v2',
        supervisor: { rater: 'one', policy: 'v1' },
        named: false,
        sameFamily: false,
        holds: false,
      },
    ],
    broken: { why: 'v1 has answered about no episode of v2' },
  })
  const byName = await startedRelease(here, 'v1', 'v3', {
    supervisor: { rater: outside, reason: 'it has no share in it' },
  })
  expect(await here.chain(byName)).toMatchObject({
    ground: { kind: 'person', policy: 'v4' },
    links: [{ charge: 'v3', supervisor: { rater: 'outside' }, named: true, reason: 'it has no share in it' }],
  })
  const told = (await entries(here, 'release.started')).map(
    ({ body }) => (body as { evidence: object }).evidence,
  )
  expect(told).toMatchObject([
    { supervision: { raterId: null, ground: 'nobody' } },
    { supervision: { raterId: one, policyId: here.policies.v1?.id, named: false, ground: 'anchor' } },
    { supervision: { raterId: outside, named: true, ground: 'person' } },
  ])
  // What a person wrote is no part of the chain of hashes.
  expect(JSON.stringify(told)).not.toContain('no share')
})

test('what a rater is never changes; nobody supervises itself; without the role nobody vouches', async () => {
  const here = await bench.world('refusals', { units: 20, failing: { v1: 0.5, v2: 0.3 } })
  const rater = await here.declare('two')
  const { id: v1 = '' } = here.policies.v1 ?? {}
  const { id: v2 = '' } = here.policies.v2 ?? {}
  const registered = (policy: string, roles: string[]) =>
    here.send('/supervisors', { rater, policy, roles, reason: 'for the test' })
  expect((await registered(v2, ['rater', 'critic'])).status).toBe(200)
  expect(await registered(v1, ['rater'])).toMatchObject({ status: 409, body: { title: expect.any(String) } })
  const named = { supervisor: { rater, reason: 'why not' } }
  expect((await here.start('v1', 'v2', named)).status).toBe(422)
  expect((await here.start('v2', 'v1', { ...named, truth: { kind: 'outcome' } })).status).toBe(422)
  expect((await here.send(`/supervisors/${rater}/runs`, { policy: v2, rubric: here.rubric })).status).toBe(
    422,
  )
  await registered(v2, ['critic'])
  expect((await here.start('v2', 'v1', named)).status).toBe(404)
  expect((await here.send(`/supervisors/${rater}/runs`, { policy: v1, rubric: here.rubric })).status).toBe(
    404,
  )
  expect((await here.ask<{ items: unknown[] }>('/supervisors')).items).toMatchObject([
    { rater: 'two', policy: 'v2', roles: ['critic'] },
  ])
})

test('a policy writes critiques and speaks in debates only where it was registered for it', async () => {
  const here = await bench.world('roles', { units: 20, failing: { v1: 0.5, v2: 0.5 } })
  const one = await here.declare('one')
  const [episode] = runsOf(here, 'v2')
  const item = {
    projectId: here.projectId,
    episodeId: episode?.id ?? '',
    criterionSha256: here.sha256,
  }
  const quote = 'has been sent as you asked'
  await insertRatings(db, [
    {
      ...item,
      id: effects.newId(),
      raterId: one,
      kind: 'answered',
      value: 'no',
      comment: '',
      evidence: [],
      claims: [{ text: 'It was not.', severity: 'major', step: 1, quote }],
      flagged: false,
      assistance: 'none',
      commitKey: 'claims',
      committedAt: effects.now(),
    },
  ])
  const debate = { rubric: here.rubric, episode: item.episodeId, criterion: 'root', speakers: [one, null] }
  const may = async () => ({
    claims: (await claimsAbout(db, item)).length,
    debate: (await here.send('/debates', debate)).status,
  })
  expect(await may()).toEqual({ claims: 1, debate: 200 })
  await here.register(one, 'v1', ['rater'])
  expect(await may()).toEqual({ claims: 0, debate: 409 })
  await here.register(one, 'v1', ['critic', 'debater'])
  expect(await may()).toEqual({ claims: 1, debate: 200 })
})
