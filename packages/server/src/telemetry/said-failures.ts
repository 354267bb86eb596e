/** An exporter whose failures are in the log, once a minute at most: the SDK drops what cannot be sent without a word. */
import type { Logger } from 'pino'

type Result = { readonly code: number; readonly error?: Error }
type Exporter = { export(items: never, done: (result: Result) => void): void }

const SUCCESS = 0
const SAY_EVERY_MS = 60_000

export function saidFailures<Kind extends Exporter>(log: Logger, what: string, exporter: Kind): Kind {
  let saidMs = Number.NEGATIVE_INFINITY
  const send = exporter.export.bind(exporter)
  exporter.export = (items, done) => {
    send(items, (result) => {
      if (result.code !== SUCCESS && performance.now() - saidMs >= SAY_EVERY_MS) {
        saidMs = performance.now()
        log.warn({ err: result.error, what }, 'telemetry was not taken by its receiver, and is lost')
      }
      done(result)
    })
  }
  return exporter
}
