import type { Command } from 'commander'
import { registerJudgeDeclare } from './declare.ts'
import { registerJudgeList } from './list.ts'
import { registerJudgeRun } from './run.ts'
import { registerJudgeSpend } from './spend.ts'

export function registerJudge(program: Command): void {
  const judge = program.command('judge').description('models that answer the questions of a rubric')
  registerJudgeDeclare(judge)
  registerJudgeRun(judge)
  registerJudgeList(judge)
  registerJudgeSpend(judge)
}
