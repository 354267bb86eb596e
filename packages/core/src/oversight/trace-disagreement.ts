/**
 * Where the answer to a question and what its parts say together differ: who erred.
 *
 * Certain     where known answers decide it: the whole is known and was answered wrongly; a part is known, was answered wrongly
 *             and righting it ends the difference; or all parts that decided are known to be right, and so is the whole, and then the
 *             parts do not make up the question.
 * Suspected   otherwise: the parts that decided the combination and are not known to be right, and the whole unless it is known.
 * Height      a part that has parts of its own is followed down: to those of its parts that led it astray and are known to be wrong.
 * Degenerate  null where there is no difference, or where either side is missing.
 * Cost        O(nodes).
 * Evidence    trace-disagreement.test.ts
 */
import { combineParts, type SplitRule } from './combine-parts.ts'

export type NodeReading = {
  readonly id: string
  /** Whether it holds, as those who answered say together; null: nobody did, or they are divided. */
  readonly said: boolean | null
  /** Whether it is known to hold; null: that is not known. */
  readonly known: boolean | null
  /** Null: a leaf. */
  readonly rule: SplitRule | null
  readonly parts: readonly NodeReading[]
}

export type Blame = {
  /** 'whole': its own answer. 'parts': some of `nodes`. 'split': the parts do not make up the question. 'open': cannot be told. */
  readonly on: 'whole' | 'parts' | 'split' | 'open'
  readonly certain: boolean
  /** Ids of the nodes in question, the whole's own among them where it may be the one. */
  readonly nodes: readonly string[]
}

export function traceDisagreement(whole: NodeReading): Blame | null {
  const combined = combinationOf(whole)
  if (whole.said === null || combined === null || whole.said === combined) return null
  if (whole.known !== null && whole.said !== whole.known)
    return { on: 'whole', certain: true, nodes: [whole.id] }
  const wrong = whole.parts.filter(isWrong)
  const righted = whole.parts.map((part) => (isWrong(part) ? part.known : part.said))
  if (wrong.length > 0 && combineParts(whole.rule ?? 'view', righted) === whole.said)
    return { on: 'parts', certain: true, nodes: wrong.flatMap(culprits) }
  const deciding = whole.parts.filter(({ said, known }) => said === combined && known !== said)
  if (deciding.length === 0)
    return whole.known === null
      ? { on: 'whole', certain: false, nodes: [whole.id] }
      : { on: 'split', certain: true, nodes: [whole.id] }
  const nodes = deciding.flatMap(culprits)
  return whole.known === null
    ? { on: 'open', certain: false, nodes: [whole.id, ...nodes] }
    : { on: 'parts', certain: false, nodes }
}

/** What the parts of a node say together. */
export function combinationOf({ rule, parts }: NodeReading): boolean | null {
  return rule === null
    ? null
    : combineParts(
        rule,
        parts.map(({ said }) => said),
      )
}

const isWrong = ({ said, known }: NodeReading) => said !== null && known !== null && said !== known

/** The node itself, or what is known to have led it astray further down. */
function culprits(node: NodeReading): readonly string[] {
  const led = combinationOf(node) === node.said ? node.parts.filter(isWrong) : []
  return led.length === 0 ? [node.id] : led.flatMap(culprits)
}
