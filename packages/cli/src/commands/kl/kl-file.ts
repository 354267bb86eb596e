/**
 * What `leeway kl` reads, told apart by its columns:
 * - `candidate` and `baseline`, lists of log probabilities of the same tokens (JSON Lines; OpenAI's `logprobs` will do); or one number each per row with
 *   an `episode` column (CSV). Optional `temperature`, `top_p`, `top_k`, `min_p`, `logprobs` (raw or processed) in a row,
 *   or in an object `sampling`.
 * - `arm` (candidate or baseline) and `choice`, optionally `episode`.
 * - `proxy` and `gold`, optionally `prompt`: samples for best-of-n.
 * - `kl` and `gain`, optionally `group` and `weight`: measurements along an optimisation.
 */
import type { ChoicesOf } from '@leeway/core/divergence/behavioural-kl'
import type { ScoredSample } from '@leeway/core/divergence/best-of-n'
import type { CurvePoint } from '@leeway/core/divergence/over-optimisation'
import { type Sampling, type TokenLogprobs, whyIncomparable } from '@leeway/core/divergence/token-logprobs'
import { CommandError } from '../../exit-codes.ts'
import { type FileRecord, fault, type RecordFile, readRecordFile } from '../../records/record-file.ts'
import { numberOf, requireText, textOf } from '../../records/record-value.ts'

export type KlFile =
  | { readonly kind: 'tokens'; readonly episodes: readonly (TokenLogprobs & { readonly name: string })[] }
  | { readonly kind: 'choices'; readonly candidate: ChoicesOf; readonly baseline: ChoicesOf }
  | { readonly kind: 'samples'; readonly prompts: readonly (readonly ScoredSample[])[] }
  | { readonly kind: 'curve'; readonly points: readonly CurvePoint[] }

/** Log probabilities below this are sentinels or mistakes: exp(-1e5) is no probability of a token. */
const LOGPROB_MIN = -1e5

export async function readKlFile(path: string): Promise<KlFile> {
  const file = await readRecordFile(path)
  const has = (...names: readonly string[]): boolean => names.every((name) => file.columns.includes(name))
  if (has('candidate', 'baseline')) return { kind: 'tokens', episodes: readTokens(file) }
  if (has('arm', 'choice')) return readChoices(file)
  if (has('proxy', 'gold')) return { kind: 'samples', prompts: readSamples(file) }
  if (has('kl', 'gain')) return { kind: 'curve', points: readCurve(file) }
  throw new CommandError(
    `${file.path}:1: found the columns ${file.columns.join(', ')}`,
    'give candidate and baseline (log probabilities), arm and choice, proxy and gold, or kl and gain',
  )
}

function readTokens(file: RecordFile): readonly (TokenLogprobs & { readonly name: string })[] {
  const episodes = new Map<string, { name: string; candidate: number[]; baseline: number[] }>()
  for (const record of file.records) {
    const refused = whyIncomparable(samplingOf(file, record))
    if (refused !== null)
      throw fault(
        file,
        record.line,
        `${refused}, so KL cannot be computed`,
        'record raw log probabilities of tokens sampled at temperature 1 without top-p, top-k or min-p',
      )
    const candidate = logprobsOf(file, record, 'candidate')
    const baseline = logprobsOf(file, record, 'baseline')
    requireSameTokens(file, record)
    if (candidate.length !== baseline.length)
      throw fault(
        file,
        record.line,
        `candidate has ${candidate.length} log probabilities, baseline ${baseline.length}`,
        'both must rate the same tokens, those the candidate wrote',
      )
    const name = file.columns.includes('episode')
      ? requireText(file, record, 'episode')
      : `line ${record.line}`
    const episode = episodes.get(name)
    if (episode === undefined)
      episodes.set(name, { name, candidate: [...candidate], baseline: [...baseline] })
    else {
      for (const value of candidate) episode.candidate.push(value)
      for (const value of baseline) episode.baseline.push(value)
    }
  }
  return [...episodes.values()]
}

function samplingOf(file: RecordFile, record: FileRecord): Sampling {
  const nested = record.values.sampling
  const from: FileRecord = isObject(nested)
    ? { line: record.line, values: { ...record.values, ...nested } }
    : record
  const logprobs = textOf(file, from, 'logprobs')
  if (logprobs !== '' && logprobs !== 'raw' && logprobs !== 'processed')
    throw fault(file, record.line, `logprobs is "${logprobs}"`, 'write raw or processed, or leave it out')
  return {
    temperature: numberOf(file, from, 'temperature', [0, 100]),
    topP: numberOf(file, from, 'top_p', [0, 1]),
    topK: numberOf(file, from, 'top_k', [-1, 1e9]),
    minP: numberOf(file, from, 'min_p', [0, 1]),
    logprobs: logprobs === '' ? null : logprobs,
  }
}

/** What some providers report instead of a log probability for tokens outside their list of the likeliest. */
const SENTINEL = -9999

function logprobsOf(file: RecordFile, record: FileRecord, column: string): readonly number[] {
  return entriesOf(file, record, column).map((entry, token) => {
    const value = entry.logprob
    if (value === SENTINEL)
      throw fault(
        file,
        record.line,
        `${column}[${token}] is ${SENTINEL}, which stands for "not among the likeliest", so KL cannot be computed`,
        'ask the model for the log probability of the token itself (for example by scoring the text)',
      )
    // Rounding can leave a hair above 0; more than that is a probability above 1.
    if (typeof value !== 'number' || !(value >= LOGPROB_MIN && value <= 1e-4))
      throw fault(
        file,
        record.line,
        `${column}[${token}] is ${JSON.stringify(value) ?? 'missing'}`,
        'a log probability: a number from -100000 to 0 (a token of probability 0 cannot have been sampled)',
      )
    return Math.min(0, value)
  })
}

/** Both lists may name their tokens; then they must be the same ones. */
function requireSameTokens(file: RecordFile, record: FileRecord): void {
  const baseline = entriesOf(file, record, 'baseline')
  entriesOf(file, record, 'candidate').forEach(({ token }, at) => {
    const other = baseline[at]?.token
    if (token !== undefined && other !== undefined && token !== other)
      throw fault(
        file,
        record.line,
        `token ${at} is ${JSON.stringify(token)} for the candidate, ${JSON.stringify(other)} for the baseline`,
        'both must rate the same tokens, those the candidate wrote',
      )
  })
}

type Entry = { readonly logprob: unknown; readonly token?: unknown }

/** A list of numbers, a list as OpenAI's `logprobs` holds it (also inside `content`), or one number of a CSV row. */
function entriesOf(file: RecordFile, record: FileRecord, column: string): readonly Entry[] {
  const value = record.values[column]
  const content = isObject(value) ? value.content : value
  if (!Array.isArray(content)) {
    const text = textOf(file, record, column)
    return text === '' ? [] : [{ logprob: Number(text) }]
  }
  return content.map((entry: unknown) =>
    isObject(entry) ? { logprob: entry.logprob, token: entry.token } : { logprob: entry },
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readChoices(file: RecordFile): KlFile {
  const arms = { candidate: new Map<string, string[]>(), baseline: new Map<string, string[]>() }
  for (const record of file.records) {
    const arm = requireText(file, record, 'arm')
    if (arm !== 'candidate' && arm !== 'baseline')
      throw fault(file, record.line, `arm is "${arm}"`, 'write candidate or baseline')
    const name = file.columns.includes('episode')
      ? requireText(file, record, 'episode')
      : `line ${record.line}`
    const choices = arms[arm].get(name) ?? []
    choices.push(requireText(file, record, 'choice'))
    arms[arm].set(name, choices)
  }
  return { kind: 'choices', candidate: [...arms.candidate.values()], baseline: [...arms.baseline.values()] }
}

function readSamples(file: RecordFile): readonly (readonly ScoredSample[])[] {
  const prompts = new Map<string, ScoredSample[]>()
  for (const record of file.records) {
    const prompt = file.columns.includes('prompt') ? requireText(file, record, 'prompt') : ''
    const samples = prompts.get(prompt) ?? []
    samples.push({ proxy: required(file, record, 'proxy'), gold: required(file, record, 'gold') })
    prompts.set(prompt, samples)
  }
  return [...prompts.values()]
}

function readCurve(file: RecordFile): readonly CurvePoint[] {
  return file.records.map((record) => {
    const kl = required(file, record, 'kl')
    const weight = file.columns.includes('weight') ? required(file, record, 'weight') : 1
    if (kl < 0) throw fault(file, record.line, `kl is ${kl}`, 'nats from the start, 0 or more')
    if (!(weight > 0)) throw fault(file, record.line, `weight is ${weight}`, 'a number above 0')
    return {
      kl,
      gain: required(file, record, 'gain'),
      weight,
      group: file.columns.includes('group') ? requireText(file, record, 'group') : `line ${record.line}`,
    }
  })
}

function required(file: RecordFile, record: FileRecord, column: string): number {
  const value = numberOf(file, record, column, [-1e9, 1e9])
  if (value === null) throw fault(file, record.line, `${column} is empty`, 'a number from -1e9 to 1e9')
  return value
}
