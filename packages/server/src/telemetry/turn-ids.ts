/** The trace of a turn is the turn's own id where its client names none, and its spans follow from it: shipped twice, it is the same trace. */
import { createHash } from 'node:crypto'
import type { IdGenerator } from '@opentelemetry/sdk-trace-base'

export type TurnIds = IdGenerator & {
  /** Of the spans that begin from here on. */
  readonly begin: (turnId: string) => void
}

export function turnIds(): TurnIds {
  let turnId = ''
  let spans = 0
  return {
    begin(id) {
      turnId = id
      spans = 0
    },
    generateTraceId: () => turnId.replaceAll('-', ''),
    generateSpanId: () => {
      spans += 1
      return createHash('sha256').update(`${turnId} ${spans}`).digest('hex').slice(0, 16)
    },
  }
}
