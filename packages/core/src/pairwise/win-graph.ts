/**
 * Who can be compared with whom, and how.
 *
 * Components  players joined by any chain of comparisons. Between two components nothing is known.
 * Groups      players of one component joined by chains of wins in both directions (a tie is a win each way). Only
 *             inside a group do finite ratings exist (Ford 1957). A component with several groups is separated: an
 *             earlier group never lost to a later one, so the data set no limit to how far apart they are.
 * Output      components, largest first; in each its groups from top to bottom; names sorted inside a group.
 * Cost        O(comparisons + players).
 */
import type { Comparison } from './comparison.ts'

export function winGroups(comparisons: readonly Comparison[]): readonly (readonly (readonly string[])[])[] {
  const names = [...new Set(comparisons.flatMap(({ left, right }) => [left, right]))].sort()
  const index = new Map(names.map((name, at) => [name, at]))
  const beats: Set<number>[] = names.map(() => new Set())
  const component = new DisjointSets(names.length)
  for (const { left, right, outcome } of comparisons) {
    const a = index.get(left) as number
    const b = index.get(right) as number
    if (outcome > 0) beats[a]?.add(b)
    if (outcome < 1) beats[b]?.add(a)
    component.join(a, b)
  }
  const byComponent = new Map<number, string[][]>()
  // Tarjan closes a group only after every group it beats, so the order of closing is bottom up.
  for (const group of strongGroups(beats).reverse()) {
    const root = component.find(group[0] as number)
    const members = group.sort((a, b) => a - b).map((player) => names[player] as string)
    const groups = byComponent.get(root)
    if (groups) groups.push(members)
    else byComponent.set(root, [members])
  }
  const size = (groups: readonly (readonly string[])[]): number =>
    groups.reduce((sum, group) => sum + group.length, 0)
  const first = (groups: readonly (readonly string[])[]): string => groups.flat().sort()[0] as string
  return [...byComponent.values()].sort((a, b) => size(b) - size(a) || (first(a) < first(b) ? -1 : 1))
}

/** Tarjan's strongly connected components with a stack of its own: a chain of 100,000 wins must not overflow ours. */
function strongGroups(beats: readonly ReadonlySet<number>[]): number[][] {
  const order = new Int32Array(beats.length).fill(-1)
  const lowest = new Int32Array(beats.length)
  const open: number[] = []
  const isOpen = new Uint8Array(beats.length)
  const groups: number[][] = []
  let visited = 0
  const enter = (player: number) => {
    order[player] = lowest[player] = visited++
    open.push(player)
    isOpen[player] = 1
    return { player, next: (beats[player] as ReadonlySet<number>).values() }
  }
  for (let start = 0; start < beats.length; start++) {
    if (order[start] !== -1) continue
    const path = [enter(start)]
    while (path.length > 0) {
      const { player, next } = path[path.length - 1] as (typeof path)[number]
      const step = next.next()
      if (!step.done) {
        if (order[step.value] === -1) path.push(enter(step.value))
        else if (isOpen[step.value]) lower(player, order[step.value] as number)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent) lower(parent.player, lowest[player] as number)
      if (lowest[player] === order[player]) groups.push(close(player))
    }
  }
  return groups

  function lower(player: number, to: number): void {
    lowest[player] = Math.min(lowest[player] as number, to)
  }
  function close(player: number): number[] {
    const group = open.splice(open.lastIndexOf(player))
    for (const member of group) isOpen[member] = 0
    return group
  }
}

class DisjointSets {
  private readonly parent: Int32Array

  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, at) => at)
  }

  find(member: number): number {
    let root = member
    while (this.parent[root] !== root) {
      const above = this.parent[root] as number
      this.parent[root] = this.parent[above] as number
      root = above
    }
    return root
  }

  join(a: number, b: number): void {
    this.parent[this.find(a)] = this.find(b)
  }
}
