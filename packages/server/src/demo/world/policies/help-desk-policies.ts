import { carefulV1 } from './careful-v1.ts'
import { carefulV2 } from './careful-v2.ts'
import { fastV1 } from './fast-v1.ts'
import type { Policy } from './policy.ts'
import { shortSightedV1 } from './short-sighted-v1.ts'
import { thriftyV1 } from './thrifty-v1.ts'

/** Every policy of the simulated help desk, the anchor first. */
export const HELP_DESK_POLICIES: readonly Policy[] = [carefulV1, carefulV2, thriftyV1, fastV1, shortSightedV1]
