/** Repeats background work: never two at once, never after `stop`, and a failure is logged, not fatal. */
import type { Logger } from 'pino'

export function repeat(
  name: string,
  everyMs: number,
  log: Logger,
  work: () => Promise<unknown>,
): { readonly stop: () => Promise<void> } {
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error, work: name }, 'background work failed'))
      .finally(() => {
        running = undefined
      })
  }, everyMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
