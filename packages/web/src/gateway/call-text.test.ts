import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { callText } from './call-text.ts'

test('a shell hands on the agent’s name as it is, whatever is in it', () => {
  const agent = `desk's $(id) "two"`
  const call = callText('http://127.0.0.1:4400/v1', 'lw_key', agent)
  // The last argument, as the shell passes it on.
  const body = execFileSync('sh', [
    '-c',
    call.replace('curl ', 'print_last() { for last; do :; done; printf %s "$last"; }; print_last '),
  ])
  expect(JSON.parse(body.toString())).toMatchObject({ model: agent })
})
