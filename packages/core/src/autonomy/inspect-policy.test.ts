import { expect, test } from 'vitest'
import { type AutonomyContract, DEFAULT_LIMITS, type Grant, type ToolTerms } from './contract.ts'
import { inspectPolicy } from './inspect-policy.ts'

const GRANT: Grant = {
  policyId: 'v1',
  policySha256: 'a',
  autonomy: 'act',
  horizonSteps: 10,
  stakes: 'costly',
  tools: 'all',
  withoutReview: 1,
  klNatsMax: null,
}
function contract(tools: readonly ToolTerms[], grant: Partial<Grant> = {}): AutonomyContract {
  return {
    format: 'leeway-contract/1',
    projectId: 'p',
    agent: 'a',
    version: 1,
    issuedAt: '2026-11-01T00:00:00Z',
    expiresAt: '2027-01-01T00:00:00Z',
    tools,
    baseline: { ...GRANT, ...grant },
    candidate: null,
    limits: DEFAULT_LIMITS,
    failOpen: [],
    evidence: { releaseId: null, stage: null, checkId: null },
    approvers: [],
  }
}

/** As Inspect reads it: `fnmatch` of pattern + '*' against `tool(arguments)`, the first approver that fits. */
function decided(policy: ReturnType<typeof inspectPolicy>, call: string): string {
  const fits = (pattern: string) => {
    const source = `${pattern}*`.replace(
      /\[(.)\]|[.+^${}()|\\]|\*|\?/g,
      (found, inner: string | undefined) => {
        if (inner !== undefined) return `\\${inner}`
        if (found === '*') return '.*'
        return found === '?' ? '.' : `\\${found}`
      },
    )
    return new RegExp(`^${source}$`, 's').test(call)
  }
  const approver = policy.approvers.find(({ tools }) => fits(tools))
  return approver?.name === 'auto' ? approver.decision : (approver?.name ?? 'nobody')
}

test('the first terms that fit hold, a name is a whole name, and what is unknown is rejected', () => {
  const policy = inspectPolicy(
    contract([
      { name: 'find_secret', stakes: 'irreversible' },
      { name: 'find_*', stakes: 'read' },
      { name: 'refund', stakes: 'reversible' },
    ]),
    'baseline',
  )
  expect(decided(policy, 'find_secret()')).toBe('reject')
  expect(decided(policy, 'find_order(id=1)')).toBe('approve')
  expect(decided(policy, 'refund(amount=1)')).toBe('approve')
  expect(decided(policy, 'refund_all()')).toBe('reject')
  expect(decided(policy, 'wipe()')).toBe('reject')
  expect(policy.stricter).toEqual([])
})

test.each<[string, Partial<Grant>, Partial<ToolTerms>, string, number]>([
  ['nothing without a person', { withoutReview: 0 }, {}, 'human', 0],
  ['some without a person', { withoutReview: 0.75 }, {}, 'human', 1],
  ['reading is never drawn', { withoutReview: 0 }, { stakes: 'read' }, 'approve', 0],
  ['only suggests', { autonomy: 'suggest' }, {}, 'human', 0],
  ['an undeclared policy', { policySha256: '' }, {}, 'human', 0],
  ['terms for arguments', {}, { arguments: { type: 'object' } }, 'human', 1],
  ['members that are set', {}, { set: { dry_run: true } }, 'human', 1],
  ['stakes above the grant', { stakes: 'read' }, {}, 'reject', 0],
  ['a tool that is not granted', { tools: ['other'] }, {}, 'reject', 0],
])('%s', (_, grant, terms, expected, stricter) => {
  const tools: ToolTerms[] = [{ name: 'refund', stakes: 'reversible', ...terms }]
  const policy = inspectPolicy(contract(tools, grant), 'baseline')
  expect(decided(policy, 'refund(amount=1)')).toBe(expected)
  expect(policy.stricter).toHaveLength(stricter)
})

test('of terms for a group of tools only those that are granted', () => {
  const policy = inspectPolicy(
    contract([{ name: 'file_*', stakes: 'read' }], { tools: ['file_read', 'file_list_*', 'mail_*'] }),
    'baseline',
  )
  expect(decided(policy, 'file_read(x)')).toBe('approve')
  expect(decided(policy, 'file_list_all()')).toBe('approve')
  expect(decided(policy, 'file_write(x)')).toBe('reject')
  expect(decided(policy, 'mail_send(x)')).toBe('reject')
})

test('characters of names are no patterns', () => {
  const policy = inspectPolicy(contract([{ name: 'a[b]?', stakes: 'read' }]), 'baseline')
  expect(decided(policy, 'a[b]?()')).toBe('approve')
  expect(decided(policy, 'abx()')).toBe('reject')
})

test('a candidate that is granted nothing has no policy', () => {
  expect(() => inspectPolicy(contract([]), 'candidate')).toThrow(RangeError)
})
