import type { LedgerVerification } from '@leeway/contract/ledger'
import { checkLedger } from '@leeway/contract/ledger-chain'
import type { Effects } from '../http/environment.ts'
import { ledgerCrypto } from './ledger-crypto.ts'
import { walkLedger } from './ledger-store.ts'

/** Reads a project's whole chain and says what is wrong with it. `expect`: a head (`seq:hash`) kept elsewhere. */
export async function verifyLedger(
  effects: Pick<Effects, 'db' | 'ledgerSigner'>,
  projectId: string,
  expect?: string,
): Promise<LedgerVerification> {
  const check = checkLedger({
    projectId,
    crypto: ledgerCrypto,
    expect,
    ownKeyId: effects.ledgerSigner.keyId,
  })
  for await (const entry of walkLedger(effects.db, projectId)) check.push(entry)
  return check.finish()
}
