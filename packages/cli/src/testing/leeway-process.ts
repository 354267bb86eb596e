/** `leeway …` as a process of its own, as a shell would start it: nothing of this test's environment reaches it. */
import { spawn } from 'node:child_process'
import { leewayProgram } from './leeway-program.ts'

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export async function leeway(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>
    /** What standard input holds; without it, it is closed. */
    readonly stdin?: string
    /** Module code run before ours, e.g. to watch what the command does. */
    readonly before?: string
  } = {},
): Promise<Finished> {
  const before =
    options.before === undefined
      ? []
      : ['--import', `data:text/javascript,${encodeURIComponent(options.before)}`]
  const child = spawn(process.execPath, [...leewayProgram(before), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
  })
  child.stdin.end(options.stdin ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  return { code, stdout, stderr }
}
