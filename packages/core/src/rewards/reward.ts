/**
 * The reward of an episode: a rubric's tree applied to what is believed of its leaves.
 *
 * Estimates   the expected worth of the root in [0, 1], and the central 95 % of its law. The law is that of the leaves' truths
 *             given the answers; it says nothing of whether the rubric asks the right questions.
 * Assumes     leaves err independently given their posteriors. Shared bias widens nothing here: see docs/methods/oversight.md.
 * Method      exact, by going through all combinations of a node's children, while these are few; else draws from the
 *             children's laws by the generator that is passed in.
 * Direct      a parent that is asked as a whole, and about which something is believed, is worth that; its children then
 *             explain it.
 * Absence     a question that does not arise is left out of its parent, and counted. A leaf without an estimate is not: what
 *             hangs on it is `insufficient`, unless neither its best nor its worst value could change the parent.
 * Source      docs/methods/rewards.md.
 */
import type { Rubric, RubricNode } from '../rubrics/rubric.ts'
import { combineWorths } from './combine-worths.ts'
import { certain, drawWorth, meanWorth, type WorthLaw, worthLaw, worthQuantile } from './worth-law.ts'

/** What is known of one criterion in one episode. */
export type Belief =
  | { readonly kind: 'known'; readonly law: WorthLaw }
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'missing' }

export type RewardValue =
  | {
      readonly kind: 'known'
      readonly estimate: number
      readonly low: number
      readonly high: number
      readonly method: 'exact' | 'monte-carlo'
    }
  /** Ids of the leaves that lack an estimate; empty where no question arises at all. */
  | { readonly kind: 'insufficient'; readonly missing: readonly string[] }

export type Reward = {
  readonly value: RewardValue
  /** By node id. A node that does not arise is absent. */
  readonly nodes: ReadonlyMap<string, RewardValue>
  readonly completeness: { readonly answered: number; readonly total: number; readonly notApplicable: number }
}

/** Combinations of children that are gone through one by one. */
const EXACT_MAX = 20_000
const DRAWS = 20_000

/** `beliefs` by criterion id; an absent one is missing. `random`: uniform in [0, 1). */
export function rewardOf(rubric: Rubric, beliefs: ReadonlyMap<string, Belief>, random: () => number): Reward {
  const counts = { answered: 0, total: 0, notApplicable: 0 }
  const nodes = new Map<string, RewardValue>()
  const root = standing(rubric.root, { beliefs, random, counts, nodes })
  return { value: rewardValue(root), nodes, completeness: counts }
}

type Standing =
  | { readonly kind: 'law'; readonly law: WorthLaw; readonly exact: boolean }
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'insufficient'; readonly missing: readonly string[] }

type Walk = {
  readonly beliefs: ReadonlyMap<string, Belief>
  readonly random: () => number
  readonly counts: { answered: number; total: number; notApplicable: number }
  readonly nodes: Map<string, RewardValue>
}

function standing(node: RubricNode, walk: Walk): Standing {
  const found = node.kind === 'leaf' ? leafStanding(node.criterion.id, walk) : parentStanding(node, walk)
  const id = node.kind === 'leaf' ? node.criterion.id : node.id
  if (found.kind !== 'not-applicable') walk.nodes.set(id, rewardValue(found))
  return found
}

function leafStanding(id: string, { beliefs, counts }: Walk): Standing {
  const belief = beliefs.get(id) ?? { kind: 'missing' }
  if (belief.kind === 'not-applicable') {
    counts.notApplicable += 1
    return belief
  }
  counts.total += 1
  if (belief.kind === 'missing') return { kind: 'insufficient', missing: [id] }
  counts.answered += 1
  return { kind: 'law', law: belief.law, exact: true }
}

type Placed = {
  readonly standing: Exclude<Standing, { kind: 'not-applicable' }>
  readonly weight: number
  readonly required: boolean
}

function parentStanding(node: RubricNode & { readonly kind: 'parent' }, walk: Walk): Standing {
  const children = node.children.flatMap((child): Placed[] => {
    const found = standing(child, walk)
    return found.kind === 'not-applicable'
      ? []
      : [{ standing: found, weight: child.weight, required: child.required }]
  })
  const asked = node.criterion === null ? undefined : walk.beliefs.get(node.criterion.id)
  if (asked?.kind === 'known') return { kind: 'law', law: asked.law, exact: true }
  if (children.length === 0) return { kind: 'not-applicable' }
  const weighs = node.combine === 'weighted' || node.combine === 'points'
  const missing = children.flatMap(({ standing: one, weight, required }) =>
    one.kind === 'insufficient' && !(weighs && weight === 0 && !required) ? one.missing : [],
  )
  const lawsWith = (unknown: number) =>
    children.map(({ standing: one, weight, required }) => ({
      law: one.kind === 'law' ? one.law : certain(unknown),
      weight,
      required,
    }))
  if (missing.length > 0 && !decidedAnyway(node, lawsWith)) return { kind: 'insufficient', missing }
  const combined = combineLaws(node.combine, lawsWith(0), walk.random)
  return {
    kind: 'law',
    law: combined.law,
    exact: combined.exact && children.every(({ standing: one }) => one.kind !== 'law' || one.exact),
  }
}

type WeighedLaw = { readonly law: WorthLaw; readonly weight: number; readonly required: boolean }
type ParentNode = RubricNode & { readonly kind: 'parent' }

/** Worths are monotone in every child, so it is enough to try everything at its worst and at its best. */
function decidedAnyway(node: ParentNode, lawsWith: (unknown: number) => readonly WeighedLaw[]): boolean {
  const extreme = (unknown: number, end: 0 | -1) =>
    combineWorths(
      node.combine,
      lawsWith(unknown).map(({ law, weight, required }) => ({
        worth: law.at(end)?.worth ?? 0,
        weight,
        required,
      })),
    )
  return extreme(0, 0) === extreme(1, -1)
}

function combineLaws(
  combine: ParentNode['combine'],
  children: readonly WeighedLaw[],
  random: () => number,
): { readonly law: WorthLaw; readonly exact: boolean } {
  const combinations = children.reduce((product, { law }) => product * law.length, 1)
  const worthOf = (worths: readonly number[]) =>
    combineWorths(
      combine,
      children.map(({ weight, required }, child) => ({ worth: worths[child] ?? 0, weight, required })),
    )
  if (combinations <= EXACT_MAX) {
    let rows: { readonly worths: readonly number[]; readonly probability: number }[] = [
      { worths: [], probability: 1 },
    ]
    for (const { law } of children)
      rows = rows.flatMap((row) =>
        law.map(({ worth, probability }) => ({
          worths: [...row.worths, worth],
          probability: row.probability * probability,
        })),
      )
    return {
      law: worthLaw(rows.map(({ worths, probability }) => ({ worth: worthOf(worths), probability }))),
      exact: true,
    }
  }
  const draws = Array.from({ length: DRAWS }, () => ({
    worth: worthOf(children.map(({ law }) => drawWorth(law, random()))),
    probability: 1 / DRAWS,
  }))
  return { law: worthLaw(draws), exact: false }
}

function rewardValue(found: Standing): RewardValue {
  if (found.kind === 'not-applicable') return { kind: 'insufficient', missing: [] }
  if (found.kind === 'insufficient') return found
  return {
    kind: 'known',
    estimate: meanWorth(found.law),
    low: worthQuantile(found.law, 0.025),
    high: worthQuantile(found.law, 0.975),
    method: found.exact ? 'exact' : 'monte-carlo',
  }
}
