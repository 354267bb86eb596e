/** Logs: one JSON object a line to stderr, or lines for people when stderr is a terminal. */
import pino, { type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'

/** Names under which a secret may stand, at the top of a log line or one level down. */
const SECRET_NAMES = [
  'password',
  'token',
  'secret',
  'key',
  'apiKey',
  'authorization',
  'cookie',
  'databaseUrl',
  'connectionString',
  'seedHex',
  'url.password',
]

/** Secrets inside text, such as an error's message: our keys and tokens, passwords in connection URLs, bearers. */
const SECRET_TEXT = [
  [/\blwa?_[\w-]{16,}/g, '(hidden)'],
  [/(\/link#)[\w-]+/g, '$1(hidden)'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+@/gi, '$1(hidden)@'],
  [/(\bBearer\s+)[\w.~+/=-]+/gi, '$1(hidden)'],
  [/\bsk-[\w-]{16,}/g, '(hidden)'],
] as const

export type LogTarget = { readonly write: (line: string) => void; readonly isTTY?: boolean }

export function createLogger(level: string, target: LogTarget = process.stderr): Logger {
  const pretty =
    target.isTTY === true
      ? prettyFactory({
          colorize: true,
          translateTime: 'SYS:HH:MM:ss',
          ignore: 'pid,hostname',
          singleLine: true,
        })
      : undefined
  const stream = {
    write: (line: string) => {
      // On the finished line, so that no serializer, child logger or stack trace gets past it.
      const clean = hideSecrets(line)
      target.write(pretty === undefined ? clean : pretty(clean))
    },
  }
  const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`])
  return pino({ level, base: undefined, redact: { paths, censor: '(hidden)' } }, stream)
}

/** Text with every secret of a known form replaced. */
export function hideSecrets(text: string): string {
  return SECRET_TEXT.reduce((clean, [pattern, shown]) => clean.replace(pattern, shown), text)
}
