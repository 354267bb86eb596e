import type { Effects } from '../http/environment.ts'
import { projects } from '../projects/tables.ts'
import { applyPrograms } from './apply-programs.ts'
import { newestRubrics } from './stored-rubrics.ts'

/** Episodes of one round, so that a large import does not keep other rubrics waiting. */
const EPISODES_A_ROUND = 200

/** Runs the programs of every newest rubric on episodes that came in. Repeated in the background. */
export async function applyRubrics(effects: Effects): Promise<void> {
  for (const project of await effects.db.select({ id: projects.id }).from(projects))
    for (const rubric of await newestRubrics(effects.db, project.id))
      try {
        await applyPrograms(effects, rubric, EPISODES_A_ROUND)
      } catch (error) {
        effects.log.error({ err: error, rubric: rubric.id }, 'the programs of a rubric could not run')
      }
}
