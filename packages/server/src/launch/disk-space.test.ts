import { expect, test } from 'vitest'
import { explainDiskFull } from './disk-space.ts'

test.each([
  ['a file', Object.assign(new Error('write'), { code: 'ENOSPC' })],
  [
    'a query, wrapped',
    new Error('Failed query', { cause: Object.assign(new Error('x'), { code: '53100' }) }),
  ],
  ['a start', new Error('PostgreSQL does not start: could not write lock file: No space left on device')],
])('a full disk is one line with the folder: %s', (_, error) => {
  const explained = explainDiskFull(error, '/srv/leeway') as Error
  expect(explained.name).toBe('LaunchError')
  expect(explained.message).toMatch(/^The disk that holds \/srv\/leeway is full\. [^\n]+$/)
})

test('any other failure stays what it is', () => {
  const error = new Error('something else')
  expect(explainDiskFull(error, '/srv/leeway')).toBe(error)
})
