/** Which policy serves a unit of a release on arriving work, for whoever enforces it. */
import type { Effects } from '../http/environment.ts'
import { assignUnits } from './assign-units.ts'
import { releaseById } from './release-store.ts'

/** 'baseline' also where the release takes no units as they arrive. Rejects when the draw cannot be written down. */
export async function roleOfUnit(
  effects: Effects,
  projectId: string,
  releaseId: string,
  unit: string,
): Promise<'baseline' | 'candidate'> {
  const release = await releaseById(effects.db, projectId, releaseId)
  if (release?.unitSource !== 'stream') return 'baseline'
  const [assigned] = await assignUnits(effects, release, [unit])
  return assigned?.arm === 'candidate' ? 'candidate' : 'baseline'
}
