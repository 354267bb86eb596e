/** `leeway supervisor …` and `release chain` as processes, against one real server and a model server over real HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeModelServer } from '@leeway/server/testing/fake-model-server'
import { afterAll, expect, test, vi } from 'vitest'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-supervisor-'))
const models = await fakeModelServer()
const server = await startLeewayServer()
afterAll(async () => {
  await server.stop()
  await models.close()
  rmSync(folder, { recursive: true, force: true })
})

async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await server.run(...args)
  if (code !== 0 && code !== 3) throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
  return stdout
}

const answersOf = (rater: string) => async () => {
  const lines = (await run('rating', 'export', '--rubric', 'desk', '--format', 'jsonl')).split('\n')
  return lines.filter((line) => line.includes(`"${rater}"`)).length
}

test('a policy is registered, answers about another, and stands in the chain of its release', async () => {
  const config = join(folder, 'config.json')
  writeFileSync(config, '{"family": "mistral"}')
  for (const policy of ['v1', 'v2']) {
    const file = join(folder, `${policy}.jsonl`)
    writeFileSync(
      file,
      Array.from({ length: 30 }, (_, number) =>
        JSON.stringify({
          taskKey: `t${number}`,
          steps: [{ kind: 'user', content: `run ${policy} ${number}` }],
        }),
      ).join('\n'),
    )
    await run('episode', 'import', file, '--agent', 'desk', '--policy', policy, '--config', config)
  }
  const rubric = join(folder, 'desk.yaml')
  writeFileSync(rubric, 'name: desk\nquestion: Was it right?\nansweredBy: [human, model]\n')
  await run('rubric', 'apply', rubric, '--agent', 'desk')
  await run('anchor', 'declare', '--agent', 'desk', '--policy', 'v1', '--evidence', 'years of use')
  const declared = ['--model', 'm', '--base-url', models.url, '--price', '0,0', '--family', 'llama']
  await run('judge', 'declare', 'first', ...declared)
  await run('judge', 'spend', '--limit', '5')
  const about = ['--agent', 'desk', '--policy']
  const made = await run(
    'supervisor',
    'register',
    'first',
    ...about,
    'v1',
    '--roles',
    'rater,critic',
    '--reason',
    'runs it',
  )
  expect(made).toContain('first runs v1 of desk, and may be: rater, critic.')
  expect(await run('supervisor', 'list')).toMatch(/first +llama +v1 +desk +rater, critic/)

  const wrong = await server.run('supervisor', 'register', 'first', ...about, 'v9', '--reason', 'runs it')
  expect(wrong.stderr).toContain('The agent "desk" has no policy "v9".')
  await run(
    'release',
    'start',
    '--agent',
    'desk',
    '--baseline',
    'v1',
    '--candidate',
    'v2',
    '--rubric',
    'desk',
  )
  // The release has its supervisor asked, too: about how many of the 30 before this run is chance, but none twice.
  expect(await run('supervisor', 'run', 'first', ...about, 'v2', '--rubric', 'desk')).toMatch(
    /^first: (\d+) of \1 questions answered/m,
  )
  await expect.poll(answersOf('first'), { timeout: 60_000 }).toBe(30)
  const chain = await run('release', 'chain', 'desk 1')
  expect(chain).toContain('desk 1: the next stage asks for no supervision.')
  expect(chain).toContain('v1 is the anchor.')
  expect(chain).toContain('desk 1: v1 (first) supervises v2')
  expect(chain).toContain('catch rate unknown (0 % to 100 %)')
  const reasonless = await server.run(
    ...['release', 'start', '--agent', 'desk', '--baseline', 'v2', '--candidate', 'v1'],
    ...['--rubric', 'desk', '--supervisor', 'first'],
  )
  expect(reasonless.stderr).toContain('Naming a supervisor takes a reason.')
})
