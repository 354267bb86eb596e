/**
 * Settings with their source: flag over environment over file over default.
 *
 * The only reader of `process.env` in the server.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  SETTINGS,
  type Setting,
  type SettingName,
  type SettingSource,
  type Settings,
} from './setting-table.ts'

export type ResolvedSetting = {
  readonly name: SettingName
  /** As text; `(hidden)` for a secret, `(not set)` without value. */
  readonly shown: string
  readonly source: SettingSource
  /** The flag, variable or file it came from; '' for a default. */
  readonly from: string
  readonly reason: string
}

export type ReadSettings = { readonly settings: Settings; readonly resolved: readonly ResolvedSetting[] }

/** A setting that cannot be used: `message` says what and where, `fix` how to mend it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly fix: string

  constructor(message: string, fix: string) {
    super(message)
    this.fix = fix
  }
}

/** Flags as the command line gave them, by setting; only those given. */
export type SettingFlags = Readonly<Partial<Record<SettingName, string>>>

type SettingsFile = { readonly path: string; readonly values: Readonly<Record<string, unknown>> }
type Found<T> = { readonly value: T | undefined; readonly source: SettingSource; readonly from: string }

const NAMES = Object.keys(SETTINGS) as readonly SettingName[]

/** Throws SettingsError on the first value that is not what its setting expects. An empty variable is not set. */
export function readSettings(
  flags: SettingFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ReadSettings {
  const dataDir = find('dataDir', flags, environment, undefined).value as string
  const configFile = find('configFile', flags, environment, undefined).value as string | undefined
  const file = readSettingsFile(configFile ?? join(dataDir, 'leeway.json'), configFile !== undefined)

  const values: Partial<Record<SettingName, unknown>> = {}
  const resolved = NAMES.map((name): ResolvedSetting => {
    const setting: Setting<unknown> = SETTINGS[name]
    const { value, source, from } = find(name, flags, environment, file)
    values[name] = value
    const shown = value === undefined ? '(not set)' : setting.secret === true ? '(hidden)' : String(value)
    return { name, shown, source, from, reason: setting.reason }
  })
  return { settings: values as Settings, resolved }
}

function find(
  name: SettingName,
  flags: SettingFlags,
  environment: Readonly<Record<string, string | undefined>>,
  file: SettingsFile | undefined,
): Found<unknown> {
  const setting: Setting<unknown> = SETTINGS[name]
  const flag = flags[name]
  if (flag !== undefined) return parsed(setting, flag, 'flag', setting.flag ?? name)
  const variable = environment[setting.env]
  if (variable !== undefined && variable !== '') return parsed(setting, variable, 'environment', setting.env)
  const inFile = setting.fileKey === undefined ? undefined : file?.values[setting.fileKey]
  if (file !== undefined && inFile !== undefined) {
    const where = `"${setting.fileKey}" in ${file.path}`
    if (typeof inFile !== 'string' && typeof inFile !== 'number')
      throw unusable(setting, inFile, where, 'text or a number')
    return parsed(setting, String(inFile), 'file', where)
  }
  return { value: setting.default, source: 'default', from: '' }
}

function parsed(
  setting: Setting<unknown>,
  given: string,
  source: SettingSource,
  from: string,
): Found<unknown> {
  const result = setting.parse(given)
  if ('expected' in result) throw unusable(setting, given, from, result.expected)
  return { value: result.value, source, from }
}

function unusable(setting: Setting<unknown>, given: unknown, where: string, expected: string): SettingsError {
  const shown = setting.secret === true ? '(hidden)' : JSON.stringify(given)
  return new SettingsError(`${where} is ${shown}.`, `Expected ${expected}. ${setting.reason}`)
}

function readSettingsFile(path: string, required: boolean): SettingsFile | undefined {
  let source: string
  try {
    source = readFileSync(path, 'utf8')
  } catch (error) {
    // A data directory that is a file is the launcher's to refuse.
    const { code } = error as NodeJS.ErrnoException
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    throw new SettingsError(
      `The settings file ${path} cannot be read: ${(error as Error).message}.`,
      'Name a JSON file that exists with --config, or leave it out.',
    )
  }
  let values: unknown
  try {
    values = JSON.parse(source)
  } catch (error) {
    throw new SettingsError(`${path} is not JSON: ${(error as Error).message}.`, 'Write one JSON object.')
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new SettingsError(`${path} does not hold a JSON object.`, 'Write one, such as {"port": 4400}.')
  }
  for (const key of Object.keys(values)) requireKnownKey(key, path)
  return { path, values: values as Readonly<Record<string, unknown>> }
}

function requireKnownKey(key: string, path: string): void {
  const known = NAMES.flatMap((name) => {
    const setting: Setting<unknown> = SETTINGS[name]
    return setting.fileKey === undefined ? [] : [setting.fileKey]
  })
  if (known.includes(key)) return
  throw new SettingsError(
    `${path} has the unknown setting "${key}".`,
    `Did you mean "${nearest(key, known)}"? Known are: ${known.join(', ')}.`,
  )
}

function nearest(word: string, known: readonly string[]): string {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
  return ranked.sort((a, b) => a.distance - b.distance)[0]?.candidate ?? ''
}

/** Levenshtein distance, ignoring case. O(|a|·|b|). */
function editDistance(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()]
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const swap = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
