/**
 * Checks a ledger entry by entry: hashes, links, signatures, and the head one expects.
 *
 * Pure: hashing and signature checks are passed in, so that server, command line and anybody's own program run the
 * same rules. A key is introduced by an entry `ledger.key_added`, in the chain, before or with its first signature;
 * who rewrites the end of a chain without the server's key must introduce a key of their own, which `keys` shows.
 * Cutting off the end leaves a valid chain: only an expected head, kept elsewhere, finds that.
 */
import type { LedgerEntry, LedgerFault, LedgerVerification } from './ledger.ts'

export const LEDGER_GENESIS_HASH = '0'.repeat(64)
export const KEY_ADDED = 'ledger.key_added'

export type LedgerCrypto = {
  /** Hex. */
  readonly sha256: (text: string) => string
  /** Hex, of base64-encoded bytes. */
  readonly sha256OfBase64: (base64: string) => string
  /** Ed25519; `publicKey` is SPKI DER in base64. False for anything malformed. */
  readonly verify: (publicKey: string, text: string, signature: string) => boolean
}

export type LedgerCheck = {
  /** Entries in the order they are stored or were exported. */
  readonly push: (entry: LedgerEntry) => void
  readonly finish: () => LedgerVerification
}

export type LedgerCheckOptions = {
  readonly projectId: string
  readonly crypto: LedgerCrypto
  /** `seq:hash` seen before; it must still be in the chain. */
  readonly expect?: string | undefined
  /** Key of the server that checks; undefined when checking offline. */
  readonly ownKeyId?: string | undefined
}

const FAULTS_SHOWN_MAX = 100
const KEY_ID_LENGTH = 16

export function checkLedger({ projectId, crypto, expect, ownKeyId }: LedgerCheckOptions): LedgerCheck {
  const expected = expect === undefined ? undefined : readHead(expect)
  const publicKeys = new Map<string, string>()
  const keys = new Map<string, number>()
  const faults: LedgerFault[] = []
  let faultCount = 0
  let entries = 0
  let last = { seq: 0, hash: LEDGER_GENESIS_HASH }
  let expectedSeen = expected?.seq === 0

  const fault = (kind: LedgerFault['kind'], seq: number, text: string) => {
    faultCount += 1
    if (faults.length < FAULTS_SHOWN_MAX) faults.push({ kind, seq, text })
  }

  const checkPlace = (entry: LedgerEntry) => {
    if (entry.seq > last.seq + 1) {
      const count = entry.seq - last.seq - 1
      fault(
        'removed',
        entry.seq,
        count === 1
          ? `Entry ${last.seq + 1} is missing.`
          : `Entries ${last.seq + 1} to ${entry.seq - 1} are missing.`,
      )
    } else if (entry.seq <= last.seq) {
      fault('reordered', entry.seq, `Entry ${entry.seq} comes after entry ${last.seq}.`)
    } else if (entry.prevHash !== last.hash) {
      fault('reordered', entry.seq, `Entry ${entry.seq} does not continue entry ${last.seq}.`)
    }
  }

  const learnKey = (entry: LedgerEntry) => {
    if (entry.action !== KEY_ADDED) return
    const body = entry.body as { keyId?: unknown; publicKey?: unknown } | null
    if (typeof body?.keyId !== 'string' || typeof body.publicKey !== 'string') return
    // The id is the key's own hash: nobody can put another key under it.
    if (crypto.sha256OfBase64(body.publicKey).slice(0, KEY_ID_LENGTH) === body.keyId) {
      publicKeys.set(body.keyId, body.publicKey)
    }
  }

  const checkSignature = (entry: LedgerEntry) => {
    const publicKey = publicKeys.get(entry.keyId)
    if (publicKey === undefined) {
      fault(
        'unknown_key',
        entry.seq,
        `Entry ${entry.seq} is signed by ${entry.keyId}, a key never introduced.`,
      )
    } else if (!crypto.verify(publicKey, `${projectId}:${entry.seq}:${entry.hash}`, entry.signature)) {
      fault('bad_signature', entry.seq, `The signature of entry ${entry.seq} does not fit.`)
    } else if (!keys.has(entry.keyId)) keys.set(entry.keyId, entry.seq)
  }

  return {
    push: (entry) => {
      entries += 1
      checkPlace(entry)
      if (crypto.sha256(hashedText(projectId, entry)) !== entry.hash) {
        fault('changed', entry.seq, `Entry ${entry.seq} (${entry.action}) was changed after it was written.`)
      }
      learnKey(entry)
      checkSignature(entry)
      if (entry.seq === expected?.seq) {
        expectedSeen = true
        if (entry.hash !== expected.hash) {
          fault('unexpected_head', entry.seq, `Entry ${entry.seq} is not the one that was expected.`)
        }
      }
      if (entry.seq > last.seq) last = { seq: entry.seq, hash: entry.hash }
    },
    finish: () => {
      if (expected !== undefined && !expectedSeen) {
        fault(
          expected.seq > last.seq ? 'truncated' : 'removed',
          expected.seq,
          `Entry ${expected.seq} was expected, but the ledger ends at ${last.seq}.`,
        )
      }
      return {
        intact: faultCount === 0,
        entries,
        head: { ...last, text: `${last.seq}:${last.hash}` },
        keys: [...keys].map(([keyId, fromSeq]) => ({ keyId, fromSeq, ofThisServer: keyId === ownKeyId })),
        faults,
        faultCount,
      }
    },
  }
}

/** What is hashed: the RFC 8785 form of everything the entry says. */
function hashedText(projectId: string, entry: LedgerEntry): string {
  const { seq, at, actor, action, body, prevHash } = entry
  return canonicalText({ projectId, seq, at, actor, action, body, prevHash })
}

/** RFC 8785 for values that came out of JSON: sorted keys, no spaces, numbers and strings as JavaScript writes them. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`)
  return `{${members.join(',')}}`
}

function readHead(text: string): { readonly seq: number; readonly hash: string } {
  const [seq = '', hash = ''] = text.split(':')
  return { seq: Number(seq), hash }
}
