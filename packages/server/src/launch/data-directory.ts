/**
 * The folder that holds everything a Leeway server keeps outside its tables: keys, tokens, the embedded cluster.
 *
 * Each secret is made once and read again later. Losing `ledger-key.pem` loses the power to sign, not to verify;
 * losing `secrets.key` makes stored provider keys unreadable.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { LedgerSigner } from '../ledger/append.ts'
import { LaunchError } from './launch-error.ts'
import { runsAsRoot } from './unprivileged.ts'

export type DataDirectory = {
  /** Absolute path. */
  readonly path: string
  readonly ledgerSigner: LedgerSigner
  /** 32 bytes that encrypt provider keys. */
  readonly secretsKey: Uint8Array
  /** Password of the embedded PostgreSQL. */
  readonly postgresPassword: string
}

const SECRETS_KEY_BYTES = 32

/** Makes the folder and its secrets when missing. Throws LaunchError when it is not ours to use. */
export function openDataDirectory(path: string): DataDirectory {
  const absolute = resolve(path)
  makeFolder(absolute)
  const pem = readOrCreate(join(absolute, 'ledger-key.pem'), () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const secretsKey = Buffer.from(
    readOrCreate(join(absolute, 'secrets.key'), () => randomBytes(SECRETS_KEY_BYTES).toString('base64')),
    'base64',
  )
  if (secretsKey.length !== SECRETS_KEY_BYTES) {
    throw new LaunchError(
      `${join(absolute, 'secrets.key')} must hold ${SECRETS_KEY_BYTES} bytes in base64, but holds ${secretsKey.length}. Put back the file from before, or remove it and enter the provider keys again.`,
    )
  }
  const postgresPassword = readOrCreate(join(absolute, 'postgres-password'), () =>
    randomBytes(24).toString('base64url'),
  )
  return { path: absolute, ledgerSigner: ledgerSignerFrom(pem), secretsKey, postgresPassword }
}

/** A signer from a PKCS#8 PEM private key. `keyId` = first 16 hex digits of SHA-256 of the public key (SPKI DER). */
export function ledgerSignerFrom(pem: string): LedgerSigner {
  const privateKey = createPrivateKey(pem)
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16), privateKey }
}

/** Writes a file that only this user can read. A reader never sees half of it. */
export function writeSecretFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.new`
  writeFileSync(unfinished, text, { mode: 0o600 })
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, file)
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if (!statSync(path).isDirectory()) throw new Error('it is not a folder')
    // As root PostgreSQL runs as another user, who must be able to pass through to its own folder, not to look.
    chmodSync(path, runsAsRoot() ? 0o711 : 0o700)
  } catch (error) {
    throw new LaunchError(
      `The data directory ${path} cannot be used: ${(error as Error).message}. Choose another with --data-dir.`,
      { cause: error },
    )
  }
}

/** Link fails when the file is there: of two processes that start at once, both read the same secret. */
function readOrCreate(file: string, create: () => string): string {
  const unfinished = `${file}.${process.pid}.new`
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, error)
  }
  writeFileSync(unfinished, create(), { mode: 0o600 })
  try {
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unreadable(file, error)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return readFileSync(file, 'utf8')
}

function unreadable(file: string, error: unknown): LaunchError {
  return new LaunchError(
    `${file} cannot be read or written: ${(error as Error).message}. It belongs to the user that runs Leeway.`,
    { cause: error },
  )
}
