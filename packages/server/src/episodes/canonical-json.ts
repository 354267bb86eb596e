import type { Json } from '@leeway/core/episodes/episode'
import canonicalize from 'canonicalize'

/** RFC 8785 canonical JSON: one text for equal values, whatever the order of keys. Throws on NaN and half surrogates, which normalised values never hold. */
export function canonicalJson(value: Json): string {
  // Undefined comes back only for undefined and functions, which are not Json.
  return canonicalize(value) as string
}
