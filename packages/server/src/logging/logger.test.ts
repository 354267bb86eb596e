import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function written(isTTY: boolean, log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  log(createLogger('info', { isTTY, write: (line) => lines.push(line) }))
  return lines.join('')
}

test.each([true, false])('secrets are hidden wherever they stand (terminal: %s)', (isTTY) => {
  const text = written(isTTY, (log) => {
    log.info({ password: 'hunter2', request: { authorization: 'hunter2' } }, 'named')
    log.info('key lw_0123456789abcdefghij and lwa_0123456789abcdefghij, Bearer abc.hunter2')
    log.error({ err: new Error('no way to postgresql://leeway:hunter2@db:5432/x') }, 'failed')
    log.child({ link: 'http://127.0.0.1:4400/link#hunter2-hunter2' }).info('made')
  })
  expect(text).toContain('named')
  expect(text).toContain('leeway:(hidden)@db')
  expect(text).not.toMatch(/hunter2|0123456789/)
})

test('one JSON object a line, unless a person looks', () => {
  const [line] = written(false, (log) => log.info({ port: 4400 }, 'started')).split('\n')
  expect(JSON.parse(line ?? '')).toMatchObject({ level: 30, msg: 'started', port: 4400 })
  expect(written(true, (log) => log.info({ port: 4400 }, 'started'))).toMatch(/started/)
  expect(written(true, (log) => log.info('started'))).not.toMatch(/^\{/)
})
