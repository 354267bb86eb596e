import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPath } from './open-path.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'leeway-open-'))
  await mkdir(path.join(folder, 'sub', '.git'), { recursive: true })
  await writeFile(path.join(folder, 'b.txt'), '\ufeff {"a":1}')
  await writeFile(path.join(folder, 'a.json'), '[]')
  await writeFile(path.join(folder, 'sub', 'c'), Buffer.from([0x1f, 0x8b, 8]))
  await writeFile(path.join(folder, 'README.md'), '# Runs')
  await writeFile(path.join(folder, '.hidden.json'), '{}')
  await symlink(folder, path.join(folder, 'sub', 'loop'))
})
afterAll(() => rm(folder, { recursive: true }))

test('takes every file that may hold episodes, by content, in the order of names', async () => {
  const { sources, skipped } = await openPath(folder)
  const below = (name: string) => path.relative(folder, name)
  expect(sources.map(({ name, bytes }) => [below(name), bytes])).toEqual([
    ['a.json', 2],
    ['b.txt', 11],
    [path.join('sub', 'c'), 3],
  ])
  expect(skipped.map(({ name, reason }) => [below(name), reason])).toEqual([
    ['.hidden.json', 'hidden'],
    ['README.md', 'neither JSON, gzip nor ZIP'],
    [path.join('sub', '.git'), 'hidden'],
    [path.join('sub', 'loop'), 'a link to a folder'],
  ])
})

test('takes a named file as it is, and can open it twice', async () => {
  const { sources } = await openPath(path.join(folder, 'README.md'))
  for (let round = 0; round < 2; round++) {
    const parts: Uint8Array[] = []
    for await (const part of sources[0]?.open() ?? []) parts.push(part)
    expect(Buffer.concat(parts).toString()).toBe('# Runs')
  }
})

test('a path that is not there is refused by the file system', async () => {
  await expect(openPath(path.join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
})
