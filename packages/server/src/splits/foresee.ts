/** What known answers tell of a split before it is saved, and since. */
import type { SplitPlan } from '@leeway/contract/splits'
import { combineParts, type SplitRule } from '@leeway/core/oversight/combine-parts'
import {
  foreseeSplit,
  type PartCounts,
  type SameItems,
  type SplitForecast,
} from '@leeway/core/oversight/foresee-split'
import type { PartGold } from '@leeway/core/oversight/split-accuracy-interval'
import type { Executor } from '../db/connect.ts'
import { answersThatStand, answersWithoutHelp, knownToHold, majorities } from './node-answers.ts'

export type Planned = {
  readonly criterionSha256: string
  readonly rule: SplitRule
  readonly parts: readonly string[]
}

/** Of the whole, answers before any help. Of a part by itself, the first answer to an item: one rater's. Together, what most say. */
export async function foresee(
  executor: Executor,
  projectId: string,
  { criterionSha256, rule, parts }: Planned,
): Promise<SplitPlan> {
  const known = await knownToHold(executor, projectId, [criterionSha256, ...parts])
  const whole = majorities(await answersWithoutHelp(executor, projectId, [criterionSha256])).get(
    criterionSha256,
  )
  const given = await answersThatStand(executor, projectId, parts)
  const most = majorities(given)
  const wholes = [...(known.get(criterionSha256) ?? [])].flatMap(([episode, holds]) => {
    const said = whole?.get(episode) ?? null
    return said === null || holds === null ? [] : [{ episode, holds, said }]
  })
  const wholeGold: PartGold = {
    right: wholes.filter(({ holds, said }) => holds === said).length,
    asked: wholes.length,
  }
  const sameItems = wholes.flatMap(({ episode, holds, said }) => {
    const combined = combineParts(
      rule,
      parts.map((part) => most.get(part)?.get(episode) ?? null),
    )
    return combined === null ? [] : [{ whole: said === holds, split: combined === holds }]
  })
  const found = foreseeSplit({
    rule,
    whole: wholeGold,
    parts: parts.map((part) => partCounts(known.get(part), given.get(part))),
    sameItems: countSame(sameItems),
  })
  return found.kind === 'insufficient' ? { kind: 'unknown', reason: found.reason } : planView(found)
}

function partCounts(
  known: ReadonlyMap<string, boolean | null> | undefined,
  given: ReadonlyMap<string, readonly boolean[]> | undefined,
): PartCounts {
  const firsts = [...(known ?? [])].flatMap(([episode, holds]) => {
    const said = given?.get(episode)?.[0]
    return said === undefined ? [] : [{ holds, said }]
  })
  const count = (holds: boolean, said: boolean) =>
    firsts.filter((one) => one.holds === holds && one.said === said).length
  return {
    bothHold: count(true, true),
    missed: count(true, false),
    falseAlarm: count(false, true),
    neitherHolds: count(false, false),
  }
}

function countSame(items: readonly { readonly whole: boolean; readonly split: boolean }[]): SameItems {
  const count = (whole: boolean, split: boolean) =>
    items.filter((one) => one.whole === whole && one.split === split).length
  return {
    both: count(true, true),
    wholeOnly: count(true, false),
    splitOnly: count(false, true),
    neither: count(false, false),
  }
}

function planView({ whole, split, difference, ...rest }: SplitForecast): SplitPlan {
  const rate = ({ value, low, high }: SplitForecast['whole']) => ({ share: value, low, high })
  return { ...rest, whole: rate(whole), split: rate(split), difference: rate(difference) }
}
