import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEvidenceFile } from './evidence-file.ts'
import { readLabelError } from './label-error-option.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeway-label-error-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}
const HEADER = 'item,arm,failure,expert,expertProbability'
const evidence = async (name: string, rows: readonly string[]) =>
  readEvidenceFile(await file(name, [HEADER, ...rows]), { kind: 'paired' })

describe('--gold', () => {
  test('counts what the labels found and passed', async () => {
    const gold = await file('gold.csv', ['truth,failure', '1,1', '1,0', '0,0', '0,0', '0,1'])
    expect(await readLabelError({ labelError: 'shared', gold }, [])).toEqual({
      kind: 'shared',
      gold: { faults: 2, found: 1, sound: 3, passed: 2 },
      alphaShare: 0.2,
    })
  })

  test('names the line that is wrong, and what is missing', async () => {
    const gold = await file('bad.csv', ['truth,failure', '1,1', '1,yes'])
    await expect(readLabelError({ labelError: 'shared', gold }, [])).rejects.toThrow('bad.csv:3')
    await expect(readLabelError({ labelError: 'shared' }, [])).rejects.toThrow('needs --gold')
    await expect(readLabelError({ labelError: 'none', gold }, [])).rejects.toThrow()
    await expect(readLabelError({ labelError: 'both' }, [])).rejects.toThrow('"both"')
  })
})

describe('differential', () => {
  test('takes the floors from the file', async () => {
    const units = await evidence('floors.csv', [
      '1,candidate,0,1,0.5',
      '1,baseline,0,,0.25',
      '2,candidate,1,1,0.5',
      '2,baseline,1,missing,1',
    ])
    expect(await readLabelError({ labelError: 'differential' }, units)).toMatchObject({
      kind: 'differential',
      floor: { passed: 0.25, failed: 0.5 },
      gold: null,
    })
    expect(units[1]).toMatchObject({ baseline: { reaudit: { kind: 'missing', probability: 1 } } })
  })

  test('refuses rows without a draw, and failed rows that neither experts nor gold can judge', async () => {
    const without = await evidence('without.csv', ['1,candidate,0,,', '1,baseline,0,,'])
    await expect(readLabelError({ labelError: 'differential' }, without)).rejects.toThrow('needs re-audits')
    const some = await evidence('some.csv', ['1,candidate,0,0,0.5', '1,baseline,0,,'])
    await expect(readLabelError({ labelError: 'differential' }, some)).rejects.toThrow(
      'have no expertProbability',
    )
    const failed = await evidence('failed.csv', ['1,candidate,0,0,0.5', '1,baseline,1,,'])
    await expect(readLabelError({ labelError: 'differential' }, failed)).rejects.toThrow('false alarms')
  })

  test('a bad expert label names file and line', async () => {
    await expect(
      evidence('bad-expert.csv', ['1,candidate,0,maybe,0.5', '1,baseline,0,,0.5']),
    ).rejects.toThrow(/bad-expert\.csv:2: expert is "maybe"/)
    await expect(evidence('no-draw.csv', ['1,candidate,0,1,', '1,baseline,0,,0.5'])).rejects.toThrow(
      /no-draw\.csv:2: expert has a label, but expertProbability is empty/,
    )
  })
})
