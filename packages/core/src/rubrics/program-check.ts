/** What a program can check about an episode, as data. `core/checks` carries it out. */
import type { Json } from '../episodes/episode.ts'
import type { ResponseRule } from '../response-rules/response-rule.ts'

/** Which tool calls are meant. Empty matches every call. */
export type CallMatch = {
  /** Names of tools; `*` at the end stands for anything. Absent: any tool. */
  readonly tools?: readonly string[]
  /** JSON Schema that the arguments must satisfy. */
  readonly arguments?: Json
}

/** Which text is meant. */
export type TextMatch = {
  readonly from: 'user' | 'assistant' | 'tool_result'
  /** RE2 pattern (no look-around, no back-references: always linear time), found anywhere in the text. */
  readonly pattern: string
  readonly ignoreCase: boolean
}

export type ProgramCheck =
  /** So many calls that match: between `min` and `max` (null: no upper limit). `min: 0, max: 0` is "never called". */
  | { readonly kind: 'calls'; readonly match: CallMatch; readonly min: number; readonly max: number | null }
  /**
   * Before every call that matches `each` stands, since the last such call, a text that matches `first` (`asked for
   * confirmation before any consequential call`). Not applicable when no call matches.
   */
  | { readonly kind: 'before'; readonly first: TextMatch | CallMatch; readonly each: CallMatch }
  /** Some text matches (`present`), or none does. */
  | { readonly kind: 'text'; readonly match: TextMatch; readonly present: boolean }
  /** The last text of the assistant is JSON that satisfies the schema. */
  | { readonly kind: 'final-json'; readonly schema: Json }
  /** The last text of the assistant follows a rule about its wording. */
  | { readonly kind: 'response'; readonly rule: ResponseRule }
  /** A number in the arguments of every matching call, at a JSON pointer, lies in [min, max]. */
  | {
      readonly kind: 'number'
      readonly match: CallMatch
      readonly pointer: string
      readonly min: number | null
      readonly max: number | null
    }
  /** The outcome's `success`, or a field of its detail at a JSON pointer, satisfies the schema. */
  | { readonly kind: 'outcome'; readonly pointer: string; readonly schema: Json }
  /** No step of these kinds ended in an error more than `max` times. */
  | { readonly kind: 'errors'; readonly max: number }
  | { readonly kind: 'steps'; readonly max: number }
