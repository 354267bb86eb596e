import { Command } from 'commander'
import { expect, test, vi } from 'vitest'
import { registerRubricForesee } from '../rubric/foresee.ts'
import { registerOversightAudit } from './audit.ts'
import { registerOversightChain } from './chain.ts'
import { registerOversightSplit } from './split.ts'

async function run(args: readonly string[]): Promise<string> {
  const program = new Command('leeway').exitOverride().configureOutput({ writeErr: () => {} })
  for (const register of [
    registerOversightAudit,
    registerOversightChain,
    registerOversightSplit,
    registerRubricForesee,
  ])
    register(program)
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} })
  let printed = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } finally {
    write.mockRestore()
  }
  return printed
}

test('split: says what a part must reach, and refuses a split that would hurt', async () => {
  const advice = await run(['split', '--whole', '0.7', '--part', '0.95', '--parts', '5'])
  expect(advice).toMatch(/^Split it\./)
  expect(advice).toContain('93.1 % of the time to break even')
  expect(await run(['split', '--whole', '0.9', '--part', '0.95', '--parts', '5'])).toMatch(/^Do not split it/)
  await expect(run(['split', '--whole', '1.2', '--part', '0.9', '--parts', '5'])).rejects.toThrow(
    'from 0 to 1',
  )
})

test('chain: the published cell of a game, to six digits', async () => {
  // Engels et al. 2025, Mafia, gap 600; see oversight.test.ts of the core.
  const lines = ['--guard-slope', '1.5305382247861692', '--guard-intercept=-622.9317463747565']
  const agent = ['--agent-slope', '0.8344154600833648', '--agent-intercept', '173.2206142928111']
  const printed = await run(['chain', '--start', '1103', '--gap', '600', ...lines, ...agent, '--json'])
  expect(JSON.parse(printed).best.links).toBe(2)
  expect(JSON.parse(printed).best.winProbability).toBeCloseTo(0.067109, 6)
})

test('audit: a budget of 2 % against 5,000 outputs; more audits than outputs are refused', async () => {
  const game = ['audit', '--outputs', '5000', '--success', '0.53']
  expect(await run([...game, '--audited', '100'])).toContain('wins 15.2 % of the time')
  await expect(run([...game, '--audited', '5001'])).rejects.toThrow('5001 audits of 5000 outputs')
})

test('foresee: better raters make every node of a shipped rubric more right', async () => {
  const at = async (raters: string) =>
    JSON.parse(await run(['foresee', 'rubrics/help-desk.yaml', '--raters', raters, '--json'])).nodes
  const one = await at('1')
  const five = await at('5')
  expect(one.length).toBeGreaterThan(3)
  for (const [place, node] of one.entries())
    expect(five[place].error.accuracy).toBeGreaterThan(node.error.accuracy)
})
