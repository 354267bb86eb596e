/** Checks an exported ledger line by line, with nothing but the file. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { LedgerEntry, LedgerExportHeader, type LedgerVerification } from '@leeway/contract/ledger'
import { checkLedger, type LedgerCheck, type LedgerCrypto } from '@leeway/contract/ledger-chain'
import { CommandError } from '../../exit-codes.ts'

/** Throws CommandError for a file that is no export. A damaged chain is no error but a finding. */
export async function verifyExportedLedger(
  file: string,
  expect: string | undefined,
): Promise<LedgerVerification> {
  let check: LedgerCheck | undefined
  let line = 0
  try {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      line += 1
      if (check === undefined) {
        const { projectId } = readLine(LedgerExportHeader, text, file, line, 'the header of a ledger export')
        check = checkLedger({ projectId, crypto: nodeCrypto, expect })
      } else if (text !== '') check.push(readLine(LedgerEntry, text, file, line, 'a ledger entry'))
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}.`, 'Check the name.')
  }
  if (check === undefined) {
    throw new CommandError(`${file} is empty.`, 'Make an export with: leeway ledger export -o ledger.jsonl')
  }
  return check.finish()
}

type Shape<Value> = {
  readonly safeParse: (
    value: unknown,
  ) =>
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } }
}
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

function readLine<Value>(shape: Shape<Value>, text: string, file: string, line: number, what: string): Value {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notAnExport(file, line, `is not JSON, and should be ${what}`)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw notAnExport(file, line, `is not ${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

const notAnExport = (file: string, line: number, fault: string) =>
  new CommandError(
    `${file}:${line} ${fault.trim()}.`,
    'Make an export with: leeway ledger export -o ledger.jsonl',
  )

/** Node's hashing and Ed25519. Strict about base64: a signature that reads differently is another one. */
const nodeCrypto: LedgerCrypto = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  sha256OfBase64: (base64) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex'),
  verify: (publicKey, text, signature) => {
    const bytes = Buffer.from(signature, 'base64')
    if (bytes.toString('base64') !== signature) return false
    try {
      const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
      return verify(null, Buffer.from(text), key, bytes)
    } catch {
      return false
    }
  },
}
