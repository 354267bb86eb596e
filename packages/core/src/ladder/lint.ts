/**
 * What is wrong with a ladder, in the words of the person who wrote it.
 *
 * A step either widens (exactly one of horizon, stakes, tools, KL; then full review at the smallest exposure that
 * acts) or loosens (more autonomy, more exposure or less review, in an unchanged region). Never both, never neither.
 */
import { AUTONOMY, type Ladder, regionChange, type Stage } from './ladder.ts'

export type LadderProblem = {
  /** Path into the definition, e.g. `stages[3].exposure`. */
  readonly path: string
  readonly problem: string
  readonly fix: string
}

export function lintLadder(ladder: Ladder): readonly LadderProblem[] {
  const problems: LadderProblem[] = []
  const say = (path: string, problem: string, fix: string) => problems.push({ path, problem, fix })

  const names = new Set<string>()
  ladder.stages.forEach((stage, index) => {
    if (names.has(stage.name))
      say(`stages[${index}].name`, `two stages are called "${stage.name}"`, 'give each stage its own name')
    names.add(stage.name)
    lintStage(stage, `stages[${index}]`, say)
    lintSupervision(ladder.stages.slice(0, index), stage, `stages[${index}]`, say)
    const before = ladder.stages[index - 1]
    if (before) lintStep(before, stage, smallestExposure(ladder), `stages[${index}]`, say)
  })
  const first = ladder.stages[0]
  if (!first) say('stages', 'the ladder has no stages', 'add at least a shadow stage')
  else if (first.autonomy !== 'shadow')
    say(
      'stages[0].autonomy',
      `the first stage is "${first.autonomy}"`,
      'start with autonomy: shadow, so that nothing acts before there is evidence',
    )
  return problems
}

type Say = (path: string, problem: string, fix: string) => void

function lintStage(stage: Stage, path: string, say: Say): void {
  if (stage.autonomy !== 'act' && stage.exposure !== 0)
    say(
      `${path}.exposure`,
      `"${stage.name}" does not act but has exposure ${stage.exposure}`,
      'set exposure: 0, or autonomy: act',
    )
  if (stage.autonomy === 'act' && stage.exposure === 0)
    say(`${path}.exposure`, `"${stage.name}" acts on no unit`, 'give it an exposure above 0')
  if (stage.autonomy !== 'act' && stage.reviewed !== 1)
    say(
      `${path}.reviewed`,
      `"${stage.name}" reviews ${stage.reviewed} of the episodes`,
      'before the candidate acts everything is reviewed: set reviewed: 1',
    )
  if (stage.reviewed === 0)
    say(
      `${path}.reviewed`,
      `"${stage.name}" reviews nothing`,
      'review at least a small share, or nothing can close the stage',
    )
  if (stage.gate.harmMargin > stage.gate.margin)
    say(
      `${path}.gate.harmMargin`,
      `harm up to ${stage.gate.harmMargin} is tolerated while ${stage.gate.margin} is the most a promotion allows`,
      'set harmMargin to the margin or below',
    )
}

/** Who was not good enough to watch less does not watch more. */
function lintSupervision(below: readonly Stage[], stage: Stage, path: string, say: Say): void {
  const asks = ({ supervision }: Stage, part: 'catchMin' | 'auditShareMin') => supervision?.[part] ?? 0
  for (const part of ['catchMin', 'auditShareMin'] as const) {
    const stricter = below.find((one) => asks(one, part) > asks(stage, part))
    if (stricter)
      say(
        `${path}.supervision`,
        `"${stage.name}" asks less of the supervisor than "${stricter.name}" before it`,
        `set supervision.${part} to ${asks(stricter, part)} or more`,
      )
  }
}

function lintStep(before: Stage, stage: Stage, smallest: number, path: string, say: Say): void {
  const { wider, narrower } = regionChange(before.region, stage.region)
  const loosens =
    AUTONOMY.indexOf(stage.autonomy) > AUTONOMY.indexOf(before.autonomy) ||
    (wider.length === 0 && (stage.exposure > before.exposure || stage.reviewed < before.reviewed))
  const step = `"${before.name}" to "${stage.name}"`
  if (narrower.length > 0)
    say(
      path,
      `${step} narrows ${narrower.join(' and ')}`,
      'a ladder only widens; put the narrower stage first',
    )
  if (wider.length > 1)
    say(
      path,
      `${step} widens ${wider.join(' and ')} at once`,
      'widen one of horizon, stakes, tools, KL per step',
    )
  if (wider.length > 0) {
    if (stage.autonomy !== before.autonomy)
      say(
        path,
        `${step} widens ${wider.join(' and ')} and changes autonomy`,
        'a step widens or loosens, never both',
      )
    if (stage.reviewed !== 1 || stage.exposure > smallest)
      say(
        path,
        `${step} both widens ${wider.join(' and ')} and loosens`,
        `open a new region with reviewed: 1 and exposure at most ${smallest}`,
      )
  } else if (!loosens)
    say(path, `${step} neither widens nor loosens`, 'remove the stage, or let it act on more or review less')
  else if (stage.reviewed > before.reviewed || stage.exposure < before.exposure)
    say(
      path,
      `${step} loosens one thing and tightens another`,
      'loosen without tightening, so that the evidence speaks of one change',
    )
}

function smallestExposure(ladder: Ladder): number {
  return Math.min(1, ...ladder.stages.filter((stage) => stage.exposure > 0).map((stage) => stage.exposure))
}
