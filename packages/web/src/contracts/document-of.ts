import type { SignedContract } from '@leeway/contract/autonomy'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'

/** The schema of the API and the type of core describe the same document. */
export const documentOf = ({ contract }: SignedContract) => contract as unknown as AutonomyContract
