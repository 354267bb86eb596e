import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readColumnTable } from './column-table.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leeway-tables-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(text: string | Buffer) {
  const path = join(folder, 'table.csv')
  writeFileSync(path, text)
  const table = await readColumnTable(path, [['task', 'item'], ['label']])
  return Array.from({ length: table.rows }, (_, row) =>
    table.columns.map(({ ids, names }) => names[ids[row] as number]),
  )
}

test.each([
  ['plain', 'task,label\na,1\nb,2\na,1\n'],
  ['no last line break', 'task,label\na,1\nb,2\na,1'],
  ['Windows line ends and a byte order mark', '\uFEFFtask,label\r\na,1\r\nb,2\r\na,1\r\n'],
  ['other columns, other order, semicolons, spaces', 'x;label;item\n9; 1 ;a\n\n8;2; b\n7;1;a\n'],
  ['quotes', 'task,label\n"a","1"\nb,2\na,1\n'],
  ['JSON Lines', '{"task":"a","label":1}\n{"task":"b","label":2}\n{"task":"a","label":1}\n'],
])('%s', async (_, text) => {
  expect(await read(text)).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['a', '1'],
  ])
})

test('numbers that look alike stay apart, and empty labels stay', async () => {
  const texts = ['1', '01', '1.0', '', '12345678', '4194304', '4194303', 'ü', '-1']
  expect(await read(`task,label\n${texts.map((text) => `a,${text}\n`).join('')}`)).toEqual(
    texts.map((text) => ['a', text]),
  )
})

test('rows that cross the pieces the file is read in', async () => {
  const rows = Array.from({ length: 300_000 }, (_, at) => [`task-${at % 5003}`, String((at * 7) % 11)])
  expect(await read(`task,label\n${rows.map((row) => row.join(',')).join('\n')}`)).toEqual(rows)
})

test('mistakes name file and line', async () => {
  await expect(read('task,label\na,1\n\nb\n')).rejects.toThrow(/table\.csv:4: 1 values for 2 columns/)
  await expect(read('task,label\na,1,2\n')).rejects.toThrow(/table\.csv:2: 3 values/)
  await expect(read('task,rating\na,1\n')).rejects.toThrow(/"label" is missing/)
  await expect(read('')).rejects.toThrow(/empty/)
  await expect(read(Buffer.from('task,label\n\xff,1\n', 'latin1'))).rejects.toThrow(/UTF-8/)
  await expect(readColumnTable(join(folder, 'absent.csv'), [['task']])).rejects.toThrow(/absent\.csv/)
})
