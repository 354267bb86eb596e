/** `leeway judge declare`: makes a model a rater, and stores its key when one is given. */
import { readFileSync } from 'node:fs'
import { createProviderKey, listProviderKeys } from '@leeway/contract/accounts'
import type { Client } from '@leeway/contract/client'
import { declareJudge } from '@leeway/contract/judges'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Provider = 'openai-compatible' | 'anthropic'
type Options = ServerOptions & {
  readonly model: string
  readonly provider: Provider
  readonly baseUrl?: string
  readonly key?: string
  readonly keyFile?: string
  readonly price?: { readonly input: number; readonly output: number }
  readonly family?: string
  readonly timeout?: number
  readonly json?: boolean
}

export function registerJudgeDeclare(judge: Command): void {
  withServerOptions(judge.command('declare'))
    .description('declare a model rater; the same again is the same rater')
    .argument('<name>', 'what people call it')
    .requiredOption('--model <name>', 'model, as its endpoint calls it')
    .addOption(
      new Option('--provider <kind>', 'interface of the endpoint')
        .choices(['openai-compatible', 'anthropic'])
        .default('openai-compatible'),
    )
    .option('--base-url <url>', 'address of the endpoint, such as http://localhost:11434/v1')
    .option('--key <name>', 'a provider key that is stored already, by name or id')
    .option('--key-file <file>', 'store the key in this file (- is standard input) and use it')
    .option(
      '--price <input,output>',
      'US dollars a million tokens; 0,0 for an endpoint that costs nothing',
      readPrice,
    )
    .option('--family <name>', 'raters of one family share weights (default: the model)')
    .option('--timeout <seconds>', 'how long one answer may take (default: 60)', Number)
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const secret = options.keyFile === undefined ? undefined : readSecret(options.keyFile)
      const client = serverClient(options)
      const made = await withServer(async () => {
        const providerKeyId = await keyIdOf(client, name, options, secret)
        return client.call(declareJudge, {
          body: {
            name,
            provider: options.provider,
            model: options.model,
            ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
            ...(providerKeyId === undefined ? {} : { providerKeyId }),
            ...(options.price === undefined ? {} : { usdPerMillion: options.price }),
            ...(options.family === undefined ? {} : { family: options.family }),
            ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
          },
        })
      })
      if (options.json === true) return printJson(made)
      printLine(
        plainText(`${made.name} is a rater (${options.provider}, ${options.model}). Its id: ${made.id}`),
      )
      if (options.price === undefined)
        printLine('Its price is not known, so it cannot run yet: declare it again with --price.')
      else printLine(plainText(`Have it answer: leeway judge run "${made.name}" --rubric NAME`))
    })
}

async function keyIdOf(
  client: Client,
  judge: string,
  { provider, key }: Options,
  secret: string | undefined,
): Promise<string | undefined> {
  if (secret !== undefined) {
    // The name of a key decides which is sent: a new one under the same name takes the place of the old.
    const made = await client.call(createProviderKey, { body: { provider, name: key ?? judge, secret } })
    return made.id
  }
  if (key === undefined) return undefined
  const { items } = await client.call(listProviderKeys, { query: { limit: 200 } })
  const stored = items.filter(({ revokedAt }) => revokedAt === null)
  const found = stored.find(({ id, name }) => id === key || name === key)
  if (found !== undefined) return found.id
  throw new CommandError(
    `There is no stored key "${key}".`,
    stored.length === 0
      ? 'Store one: add --key-file FILE.'
      : `Stored are: ${stored.map(({ name }) => plainText(name)).join(', ')}. Or add --key-file FILE.`,
  )
}

function readSecret(file: string): string {
  try {
    const secret = readFileSync(file === '-' ? 0 : file, 'utf8').trim()
    if (secret !== '') return secret
  } catch (error) {
    throw new CommandError(
      `The key file cannot be read: ${(error as Error).message}.`,
      'Name a file with the key.',
    )
  }
  throw new CommandError('The key file is empty.', 'Put the key into it, and nothing else.')
}

function readPrice(text: string): { readonly input: number; readonly output: number } {
  const [input, output, ...more] = text.split(',').map(Number)
  const sound = (price: number | undefined): price is number =>
    price !== undefined && price >= 0 && price < 1e6
  if (!text.includes(',') || more.length > 0 || !sound(input) || !sound(output))
    throw new InvalidArgumentError('Expected two numbers such as 0.15,0.60.')
  return { input, output }
}
