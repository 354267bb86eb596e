/** Arguments of a call beside those of an earlier one, member by member. */
import type { Json } from '@leeway/core/episodes/episode'
import { type CallArgument, readableArguments } from '../episodes/readable-call.ts'

export type ComparedArgument = {
  readonly path: string
  /** As it is now; as it was where it is gone. */
  readonly value: string
  readonly kind: CallArgument['kind']
  /** 'alone': there is nothing to compare with. */
  readonly change: 'alone' | 'same' | 'changed' | 'added' | 'gone'
  /** What it was, where it changed. */
  readonly was: string | null
}

const LEAVES_MAX = 2_000

/** In the order of the call; what is gone comes last. `hidden` members of either were too many to compare. */
export function compareArguments(
  now: Json,
  before: Json | undefined,
): { readonly all: readonly ComparedArgument[]; readonly hidden: number } {
  const here = leavesOf(now)
  if (before === undefined)
    return { all: here.shown.map((one) => ({ ...one, change: 'alone', was: null })), hidden: here.hidden }
  const there = leavesOf(before)
  const earlier = new Map(there.shown.map((one) => [one.path, one]))
  const paths = new Set(here.shown.map(({ path }) => path))
  const gone = there.shown.filter(({ path }) => !paths.has(path))
  return {
    all: [
      ...here.shown.map((one) => compared(one, earlier.get(one.path))),
      ...gone.map((one) => ({ ...one, change: 'gone' as const, was: null })),
    ],
    hidden: here.hidden + there.hidden,
  }
}

/** One sentence: "2 members differ from the last approved call: amount changed, note added." */
export function differenceWords(all: readonly ComparedArgument[]): string {
  if (all.some(({ change }) => change === 'alone')) return 'No call like it was approved before.'
  const differing = all.filter(({ change }) => change !== 'same')
  if (differing.length === 0) return 'The same arguments as in the last call like it that was approved.'
  const named = differing
    .slice(0, NAMED_MAX)
    .map(({ path, change }) => `${path || 'the value'} ${WORDS[change]}`)
  const rest = differing.length - named.length
  return `${differing.length} ${differing.length === 1 ? 'member differs' : 'members differ'} from the last call like it that was approved: ${named.join(', ')}${rest === 0 ? '' : `, and ${rest} more`}.`
}

const NAMED_MAX = 5
const WORDS = { alone: '', same: '', changed: 'changed', added: 'added', gone: 'is gone' } as const

function compared(one: CallArgument, earlier: CallArgument | undefined): ComparedArgument {
  if (earlier === undefined) return { ...one, change: 'added', was: null }
  if (earlier.value === one.value && earlier.kind === one.kind) return { ...one, change: 'same', was: null }
  // The text "20" and the number 20 read alike; only one of them has quotes.
  const isOtherKind = earlier.kind !== one.kind && earlier.kind === 'text'
  return { ...one, change: 'changed', was: isOtherKind ? JSON.stringify(earlier.value) : earlier.value }
}

/** Empty arguments have no members. */
function leavesOf(value: Json) {
  const { shown, hidden } = readableArguments(value, LEAVES_MAX)
  return { shown: shown.filter(({ path, value }) => !(path === '' && value === '{}')), hidden }
}
