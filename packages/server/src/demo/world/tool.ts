/** A tool of the simulated back end: what it takes, what it answers, what it could do at worst. */
import type { Json, Stakes } from '@leeway/core/episodes/episode'
import type { Store } from './store.ts'

export type ToolArguments = { readonly [field: string]: Json }

export type ToolResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: ToolErrorCode; readonly message: string }

export type ToolErrorCode =
  | 'unknown_tool'
  | 'invalid_arguments'
  | 'not_found'
  | 'timeout'
  | 'not_pending'
  | 'already_dispatched'
  | 'not_delivered'
  | 'order_locked'
  | 'item_refunded'
  | 'exceeds_amount_paid'
  | 'out_of_stock'
  | 'same_variant'
  | 'ticket_not_open'

export type ParameterKind = 'text' | 'optional text' | 'cents' | 'texts' | 'address'

export type Tool = {
  readonly name: string
  readonly stakes: Stakes
  readonly parameters: Readonly<Record<string, ParameterKind>>
  readonly run: (store: Store, args: ToolArguments) => ToolResult
}
