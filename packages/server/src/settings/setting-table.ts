/** Every setting Leeway has: its three names, its default, its unit and why one would change it. */

export type SettingSource = 'flag' | 'environment' | 'file' | 'default'

type Parsed<T> = { readonly value: T } | { readonly expected: string }

export type Setting<T> = {
  readonly env: string
  /** Absent for what must not show in a list of processes. */
  readonly flag?: string
  /** Key in leeway.json. Absent for what decides where that file is. */
  readonly fileKey?: string
  readonly default: T
  readonly unit?: string
  readonly secret?: boolean
  readonly reason: string
  readonly parse: (text: string) => Parsed<T>
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

/** As OpenTelemetry names them. */
export const TRACES_SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export const SETTINGS = {
  dataDir: {
    env: 'LEEWAY_DATA_DIR',
    flag: '--data-dir',
    default: '.leeway',
    reason: 'Folder of keys, tokens and the embedded database.',
    parse: text,
  },
  configFile: {
    env: 'LEEWAY_CONFIG',
    flag: '--config',
    default: undefined,
    reason: 'File of settings; otherwise leeway.json in the data directory, if there is one.',
    parse: text,
  },
  port: {
    env: 'LEEWAY_PORT',
    flag: '--port',
    fileKey: 'port',
    default: 4400,
    reason: 'Where the page and the API listen. 0 takes any free port.',
    parse: integer(0, 65_535),
  },
  host: {
    env: 'LEEWAY_HOST',
    flag: '--host',
    fileKey: 'host',
    default: '127.0.0.1',
    reason: 'Address to bind. Anything but 127.0.0.1 lets other machines in: put TLS in front.',
    parse: text,
  },
  gatewayPort: {
    env: 'LEEWAY_GATEWAY_PORT',
    flag: '--gateway-port',
    fileKey: 'gatewayPort',
    default: undefined,
    reason:
      'A second port, for agents alone: their requests are served by processes of their own. 0 takes any free port.',
    parse: integer(0, 65_535),
  },
  gatewayProcesses: {
    env: 'LEEWAY_GATEWAY_PROCESSES',
    fileKey: 'gatewayProcesses',
    default: 2,
    unit: 'processes',
    reason: 'How many serve that port. As many as there are cores to give.',
    parse: integer(1, 64),
  },
  publicUrl: {
    env: 'LEEWAY_PUBLIC_URL',
    flag: '--public-url',
    fileKey: 'publicUrl',
    default: undefined,
    reason: 'The address people type, when a proxy stands in front. With https, cookies are Secure.',
    parse: url(['http:', 'https:']),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    fileKey: 'databaseUrl',
    default: undefined,
    secret: true,
    reason: 'A PostgreSQL 15 or newer to use instead of the embedded one.',
    parse: url(['postgres:', 'postgresql:']),
  },
  databaseConnectionsMax: {
    env: 'LEEWAY_DATABASE_CONNECTIONS_MAX',
    fileKey: 'databaseConnectionsMax',
    default: 10,
    unit: 'connections',
    reason: 'Most connections to the database from this process; the gateway has eight more.',
    parse: integer(2, 200),
  },
  drainSeconds: {
    env: 'LEEWAY_DRAIN_SECONDS',
    fileKey: 'drainSeconds',
    default: 10,
    unit: 's',
    reason: 'How long a stop waits for requests that are under way.',
    parse: integer(0, 600),
  },
  spoolMegabytesMax: {
    env: 'LEEWAY_SPOOL_MEGABYTES_MAX',
    fileKey: 'spoolMegabytesMax',
    default: 1024,
    unit: 'MB',
    reason:
      'Most records of the gateway that wait on this disk while the database is away. When it is full, nothing is served.',
    parse: integer(1, 1_000_000),
  },
  spoolDurable: {
    env: 'LEEWAY_SPOOL_DURABLE',
    fileKey: 'spoolDurable',
    default: 'yes',
    reason:
      'Whether the gateway answers only when its record is on disk. With no, a power cut loses what was answered last.',
    parse: oneOf(['yes', 'no']),
  },
  webhooksPrivate: {
    env: 'LEEWAY_WEBHOOKS_PRIVATE',
    fileKey: 'webhooksPrivate',
    default: 'no',
    reason:
      'Whether webhooks may go to private networks and without TLS. With yes an admin of any project can reach them.',
    parse: oneOf(['yes', 'no']),
  },
  otlpEndpoint: {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fileKey: 'otlpEndpoint',
    default: undefined,
    reason:
      'Where traces, metrics and events are sent by OTLP over HTTP, without /v1/traces. Without it nothing is sent.',
    parse: url(['http:', 'https:']),
  },
  otlpHeaders: {
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    fileKey: 'otlpHeaders',
    default: undefined,
    secret: true,
    reason: 'Headers of what is sent there, such as authorization=Bearer%20…, with commas between.',
    parse: headers,
  },
  tracesSampler: {
    env: 'OTEL_TRACES_SAMPLER',
    fileKey: 'tracesSampler',
    default: 'always_on',
    reason:
      'Which traces are sent there. With parentbased_… a client says by its traceparent whether its own are, and can hide them.',
    parse: oneOf(TRACES_SAMPLERS),
  },
  tracesSamplerArg: {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    fileKey: 'tracesSamplerArg',
    default: 1,
    reason: 'Which share of traces traceidratio sends, from 0 to 1.',
    parse: share,
  },
  logLevel: {
    env: 'LEEWAY_LOG_LEVEL',
    flag: '--log-level',
    fileKey: 'logLevel',
    default: 'info',
    reason: 'Least important log line to write.',
    parse: oneOf(LOG_LEVELS),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>

export type SettingName = keyof typeof SETTINGS

/** The values, typed by what `parse` gives and what the default is. */
export type Settings = {
  readonly [Name in SettingName]:
    | Extract<ReturnType<(typeof SETTINGS)[Name]['parse']>, { value: unknown }>['value']
    | (undefined extends (typeof SETTINGS)[Name]['default'] ? undefined : never)
}

function text(given: string): Parsed<string> {
  return given === '' ? { expected: 'some text' } : { value: given }
}

function integer(least: number, most: number): (given: string) => Parsed<number> {
  return (given) => {
    const value = Number(given)
    const good = /^\d+$/.test(given) && value >= least && value <= most
    return good ? { value } : { expected: `a whole number from ${least} to ${most}` }
  }
}

function share(given: string): Parsed<number> {
  const value = Number(given)
  const good = /^\d*\.?\d+$/.test(given) && value <= 1
  return good ? { value } : { expected: 'a number from 0 to 1' }
}

function url(protocols: readonly string[]): (given: string) => Parsed<string> {
  return (given) =>
    URL.canParse(given) && protocols.includes(new URL(given).protocol)
      ? { value: given }
      : { expected: `an address that begins with ${protocols.map((one) => `${one}//`).join(' or ')}` }
}

function oneOf<const T extends string>(choices: readonly T[]): (given: string) => Parsed<T> {
  return (given) => {
    const value = choices.find((choice) => choice === given)
    return value === undefined ? { expected: `one of ${choices.join(', ')}` } : { value }
  }
}

/** As the specification of OTLP exporters says: `name=value,…`, values percent-encoded. */
function headers(given: string): Parsed<Readonly<Record<string, string>>> {
  const expected = { expected: 'name=value pairs with commas between, values percent-encoded' }
  const pairs: [string, string][] = []
  for (const pair of given.split(',')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, at)).trim()
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return expected
    try {
      pairs.push([name.toLowerCase(), decodeURIComponent(pair.slice(at + 1).trim())])
    } catch {
      return expected
    }
  }
  return { value: Object.fromEntries(pairs) }
}
