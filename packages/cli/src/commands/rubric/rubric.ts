import type { Command } from 'commander'
import { registerRubricApply } from './apply.ts'
import { registerRubricCoverage } from './coverage.ts'
import { registerRubricDraft } from './draft.ts'
import { registerRubricForesee } from './foresee.ts'
import { registerRubricLint } from './lint.ts'
import { registerRubricShow } from './show.ts'

export function registerRubric(program: Command): void {
  const rubric = program.command('rubric').description('the questions that tell how an agent behaved')
  registerRubricDraft(rubric)
  registerRubricLint(rubric)
  registerRubricShow(rubric)
  registerRubricCoverage(rubric)
  registerRubricForesee(rubric)
  registerRubricApply(rubric)
}
