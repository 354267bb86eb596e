/**
 * What raters call an episode. Its own id is a UUIDv7 and tells when it was imported, which tells policies apart that were
 * imported one after the other. The alias is a UUIDv8 that says nothing, and leads back to the id only for the server.
 *
 * Method   AES-128 over the 122 free bits of the id, applied again until the result has 122 bits too (cycle walking, 64 times on
 *          average): a permutation, so that no two episodes share an alias and nothing has to be stored. A key for each project.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

export type EpisodeAliases = {
  readonly aliasOf: (projectId: string, episodeId: string) => string
  /** The id behind an alias; null for anything that is none. */
  readonly idOf: (projectId: string, alias: string) => string | null
}

const FREE_BITS = 1n << 122n

export function episodeAliases(key: Uint8Array): EpisodeAliases {
  const cipher = (projectId: string, way: typeof createCipheriv | typeof createDecipheriv) => {
    const own = createHmac('sha256', key).update(projectId).digest().subarray(0, 16)
    const block = way('aes-128-ecb', own, null)
    block.setAutoPadding(false)
    return (value: bigint): bigint => {
      let walked = value
      do {
        walked = BigInt(
          `0x${block.update(Buffer.from(walked.toString(16).padStart(32, '0'), 'hex')).toString('hex')}`,
        )
      } while (walked >= FREE_BITS)
      return walked
    }
  }
  return {
    aliasOf: (projectId, episodeId) => uuid(cipher(projectId, createCipheriv)(freeBits(episodeId)), '8'),
    idOf: (projectId, alias) =>
      versionOf(alias) === '8' ? uuid(cipher(projectId, createDecipheriv)(freeBits(alias)), '7') : null,
  }
}

const versionOf = (id: string) => id.charAt(14)

/** A UUID without its four bits of version and two of variant. */
function freeBits(id: string): bigint {
  const hex = id.replaceAll('-', '')
  const [time, random, rest] = [hex.slice(0, 12), hex.slice(13, 16), hex.slice(16)]
  return (
    (BigInt(`0x${time}`) << 74n) | (BigInt(`0x${random}`) << 62n) | (BigInt(`0x${rest}`) & ((1n << 62n) - 1n))
  )
}

function uuid(bits: bigint, version: '7' | '8'): string {
  const time = (bits >> 74n).toString(16).padStart(12, '0')
  const random = ((bits >> 62n) & 0xfffn).toString(16).padStart(3, '0')
  const rest = ((bits & ((1n << 62n) - 1n)) | (1n << 63n)).toString(16).padStart(16, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${random}-${rest.slice(0, 4)}-${rest.slice(4)}`
}
