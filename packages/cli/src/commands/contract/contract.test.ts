/** `leeway contract …` as processes, against one real server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { leeway } from '../../testing/leeway-process.ts'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-contract-'))
const server = await startLeewayServer()
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await server.run('contract', ...args)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
  return stdout
}
const CONTRACT = `agent: desk
baseline: v1
tools:
  - { name: find, stakes: read }
  - { name: refund, stakes: reversible, arguments: { properties: { amount: { maximum: 50 } } } }
grant: { withoutReview: 0.75 }
`

beforeAll(async () => {
  const call = (name: string, content: unknown) => ({ kind: 'tool_call', name, content })
  const episodes = [10, 20, 500].map((amount) =>
    JSON.stringify({
      taskKey: `t${amount}`,
      steps: [call('find', {}), { kind: 'tool_result', content: 'ok' }, call('refund', { amount })],
    }),
  )
  const config = file('config.json', '{"prompt": "v1"}')
  const imported = await server.run(
    'episode',
    'import',
    file('v1.jsonl', episodes.join('\n')),
    '--agent',
    'desk',
    '--policy',
    'v1',
    '--config',
    config,
  )
  expect(imported.stderr + imported.stdout).toContain('3')
  await run('write', file('first.yaml', CONTRACT), '--reason', 'the first one')
})

test('show says what the agent may do', async () => {
  const said = await run('show', 'desk')
  expect(said).toContain('Contract 1 of desk')
  expect(said).toMatch(
    /The baseline acts in conversations of up to 1000 steps.*a person decides about 25 % of the calls/,
  )
  expect(said).toMatch(/refund +reversible +\{"properties"/)
})

test('simulate counts what it would have done with recorded episodes', async () => {
  const said = await run('simulate', 'desk')
  expect(said).toContain('on its 3 newest episodes: 2 would have gone on untouched (67 %)')
  expect(said).toMatch(/refund +3 +2 +1 +1 +arguments-outside/)
})

test('verify believes what was signed and nothing else', async () => {
  expect(await run('verify', 'desk')).toContain('Contract 1 of desk is what')
  const kept = file('kept.json', await run('show', 'desk', '--json'))
  expect((await leeway(['contract', 'verify', '--file', kept])).code).toBe(0)
  const changed = file('changed.json', readFileSync(kept, 'utf8').replace('"maximum": 50', '"maximum": 5000'))
  const refused = await leeway(['contract', 'verify', '--file', changed])
  expect([refused.code, refused.stdout]).toEqual([
    5,
    'NOT whole: the contract is not the one that was hashed.\n',
  ])
})

test('export prints a policy that Inspect reads, and says where it asks more often', async () => {
  const said = await run('export', 'desk')
  expect(said).toContain('#   refund: the contract has terms for its arguments, which Inspect cannot check')
  expect(parse(said)).toEqual({
    approvers: [
      { name: 'auto', tools: 'find(', decision: 'approve' },
      { name: 'human', tools: 'refund(', choices: ['approve', 'reject'] },
      { name: 'auto', tools: '*', decision: 'reject' },
    ],
  })
  const none = await server.run('contract', 'export', 'desk', '--role', 'candidate')
  expect([none.code === 0, none.stderr]).toEqual([
    false,
    expect.stringContaining('grants a candidate nothing'),
  ])
})

test('diff says what loosens first; a file that is wrong is told where', async () => {
  await run(
    'write',
    file('second.yaml', CONTRACT.replace('0.75', '1').replace('  - { name: find, stakes: read }\n', '')),
    '--reason',
    'more trust',
  )
  const said = await run('diff', 'desk')
  expect(said.split('\n')[1]).toMatch(/^\+ looser: Now: The baseline acts.*no call waits for a person/)
  expect(said).toContain('- tighter: find may not be called any more.')
  const wrong = await server.run(
    'contract',
    'write',
    file('wrong.yaml', CONTRACT.replace('reversible', 'harmless')),
    '--reason',
    'wrong',
  )
  expect(wrong.code).not.toBe(0)
  expect(wrong.stderr).toContain('tools.1.stakes')
})

test('a second person approves where the ladder names two; one alone is told how to propose', async () => {
  await server.post('/ladders', { agent: 'desk', ladder: { ...DEFAULT_LADDER, name: 'two', approvals: 2 } })
  const more = file('more.yaml', CONTRACT.replace('0.75', '0.95'))
  const alone = await server.run('contract', 'write', more, '--reason', 'it does well')
  expect(alone.code).not.toBe(0)
  expect(alone.stderr).toMatch(/wants two people.*leeway contract propose FILE/s)
  expect(await run('proposals')).toBe('No contract waits for a second person.\n')
  expect(await run('propose', more, '--name', 'Ada', '--reason', 'it does well')).toMatch(
    /Ada proposed a contract of desk.*: it does well\nAgainst contract \d+:\n\+ looser: .*leeway contract approve desk/s,
  )
  expect(await run('proposals')).toContain('Ada proposed a contract of desk')
  const same = await server.run('contract', 'approve', 'desk', '--name', 'Bob')
  expect(same.stderr).toContain('This API key has approved already.')
  expect(await run('withdraw', 'desk')).toBe('The proposed contract of desk is withdrawn.\n')
  const none = await server.run('contract', 'approve', 'desk', '--name', 'Bob')
  expect(none.stderr).toContain('No contract of "desk" waits')
})
