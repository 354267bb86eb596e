import type { JudgeRunView } from '@leeway/contract/judges'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { requireJudge } from './judge.ts'
import { countRun, findRun, type JudgeRunRow, newestRuns } from './judge-store.ts'
import { whyResting } from './resting.ts'

const RUNS_SHOWN = 50

/** Throws AppError not_found. */
export async function runView(
  effects: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  runId: string,
): Promise<JudgeRunView> {
  const run = await findRun(effects.db, projectId, runId)
  if (run === undefined)
    throw new AppError(
      'not_found',
      'There is no such judge run in this project.',
      'List the runs to find it.',
    )
  return viewOf(effects, run)
}

/** The newest runs, newest first. */
export async function runViews(
  effects: Pick<Effects, 'db' | 'now'>,
  projectId: string,
): Promise<JudgeRunView[]> {
  const views: JudgeRunView[] = []
  for (const run of await newestRuns(effects.db, projectId, RUNS_SHOWN))
    views.push(await viewOf(effects, run))
  return views
}

async function viewOf(effects: Pick<Effects, 'db' | 'now'>, run: JudgeRunRow): Promise<JudgeRunView> {
  const judge = await requireJudge(effects.db, run.projectId, run.raterId)
  const counts = await countRun(effects.db, run)
  const why = counts.open === 0 ? null : await whyResting(effects, judge, run)
  return {
    id: run.id,
    judgeId: run.raterId,
    judgeName: judge.rater.name,
    rubricId: run.rubricId,
    state: counts.open === 0 ? 'done' : why === null ? 'running' : 'paused',
    why,
    questions: counts.open + counts.answered + counts.abstained,
    answered: counts.answered,
    abstained: counts.abstained,
    verifyShare: run.verifyShare,
    costUsd: counts.costUsd,
    inputTokens: counts.inputTokens,
    outputTokens: counts.outputTokens,
    startedAt: run.startedAt.toISOString(),
  }
}
