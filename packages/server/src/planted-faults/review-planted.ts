/** Somebody looked at a copy beside its original, and says whether the fault is one. */
import type { PlantedFault, ReviewPlanted } from '@leeway/contract/planted-faults'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { plantedFault } from './planted-list.ts'
import { plantedReviews } from './tables.ts'

/** Who said yes may say no later: raters who were shown it keep it, and nobody else is shown it. */
export async function reviewPlanted(
  effects: Effects,
  projectId: string,
  actor: string,
  plantedId: string,
  { accepted, reason }: z.output<typeof ReviewPlanted>,
): Promise<PlantedFault> {
  await requirePlanted(effects, projectId, plantedId)
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    await tx
      .insert(plantedReviews)
      .values({ projectId, plantedId, id: effects.newId(), accepted, reason, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'faults.reviewed',
      body: { accepted },
    })
  })
  return requirePlanted(effects, projectId, plantedId)
}

export async function requirePlanted(
  { db }: Pick<Effects, 'db'>,
  projectId: string,
  plantedId: string,
): Promise<PlantedFault> {
  const found = await plantedFault(db, projectId, plantedId)
  if (found === undefined)
    throw new AppError(
      'not_found',
      'There is no such planted fault in this project.',
      'List the planted faults to find it.',
    )
  return found
}
