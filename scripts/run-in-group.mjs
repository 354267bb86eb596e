import { spawn } from 'node:child_process'

/**
 * Runs a command with our output, in a process group of its own: when the time is over or we are stopped, its
 * children (test workers, PostgreSQL, Chromium) go with it.
 *
 * @param {readonly string[]} command
 * @param {string} cwd
 * @param {number} limitMs
 * @returns {Promise<boolean>} whether it ended with exit code 0 in time
 */
export function runInGroup(command, cwd, limitMs) {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    const stopGroup = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // The group has ended by itself.
      }
    }
    const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
      stopGroup('SIGTERM')
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    process.once('SIGINT', interrupted)
    process.once('SIGTERM', interrupted)
    const timer = setTimeout(
      () => {
        console.log(`Stopped: the time budget of all stages is used up.`)
        stopGroup('SIGKILL')
      },
      Math.max(limitMs, 1),
    )
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      resolve(code === 0)
    })
  })
}
