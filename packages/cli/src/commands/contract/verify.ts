/** `leeway contract verify`: whether a contract is what was signed. Exit 0 when it is, 5 when not. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SignedContract } from '@leeway/contract/autonomy'
import canonicalize from 'canonicalize'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, withServerOptions } from '../../server-connection.ts'
import { fetchContract, readVersion } from './show.ts'

type Options = ServerOptions & {
  readonly file?: string
  readonly at?: number
  readonly publicKey?: string
  readonly json?: boolean
}

export function registerContractVerify(contract: Command): void {
  withServerOptions(contract.command('verify [agent]'))
    .description('check the hash and the signature of a contract')
    .option('--at <version>', 'an earlier version', readVersion)
    .option('--file <contract.json>', 'what leeway contract show --json printed, without a server')
    .option(
      '--public-key <base64>',
      'a key kept elsewhere (SPKI, DER); otherwise the one that comes with the contract',
    )
    .option('--json', 'print JSON')
    .action(async (agent: string | undefined, options: Options) => {
      const signed = await read(agent, options)
      const hashed = createHash('sha256')
        .update(canonicalize(signed.contract) ?? '')
        .digest('hex')
      const key = options.publicKey ?? signed.publicKey
      const hashHolds = hashed === signed.sha256
      const signatureHolds = key !== null && isSigned(signed, key)
      const whole = hashHolds && signatureHolds
      if (options.json === true) printJson({ whole, hashHolds, signatureHolds, sha256: hashed })
      else if (whole) {
        printLine(
          `Contract ${signed.contract.version} of ${plainText(signed.contract.agent)} is what ${signed.keyId} signed.`,
        )
        if (options.publicKey === undefined)
          printLine(
            'The key came with it. Whether it is the right one, a key kept elsewhere tells: --public-key',
          )
      } else
        printLine(
          hashHolds
            ? 'NOT whole: the signature is not of this contract.'
            : 'NOT whole: the contract is not the one that was hashed.',
        )
      if (!whole) process.exitCode = EXIT.unhealthy
    })
}

async function read(agent: string | undefined, options: Options): Promise<SignedContract> {
  if (options.file !== undefined) {
    const parsed = SignedContract.safeParse(JSON.parse(readFileSync(options.file, 'utf8')))
    if (parsed.success) return parsed.data
    throw new Error(
      `${options.file} is no contract as "leeway contract show --json" prints it: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`,
    )
  }
  if (agent === undefined) throw new Error('name an agent, or a file with --file')
  return fetchContract(options, agent, options.at)
}

function isSigned({ sha256, signature }: SignedContract, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(`leeway-contract:${sha256}`), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
