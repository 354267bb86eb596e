/** The last events of a session, so that a client whose connection broke hears on what it missed. */
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

type Kept = {
  readonly id: string
  readonly stream: string
  readonly message: JSONRPCMessage
  readonly length: number
}

const EVENTS_MAX = 200
const CHARACTERS_MAX = 1 << 20

export function keptEvents(): EventStore {
  const events: Kept[] = []
  let count = 0
  let characters = 0
  return {
    async storeEvent(stream, message) {
      count += 1
      const id = String(count)
      const { length } = JSON.stringify(message)
      events.push({ id, stream, message, length })
      characters += length
      // The newest is kept however long it is: it may be an answer.
      while (events.length > 1 && (events.length > EVENTS_MAX || characters > CHARACTERS_MAX))
        characters -= events.shift()?.length ?? 0
      return id
    },
    async getStreamIdForEventId(id) {
      return events.find((event) => event.id === id)?.stream
    },
    async replayEventsAfter(lastId, { send }) {
      const last = events.findIndex(({ id }) => id === lastId)
      const stream = events[last]?.stream
      if (stream === undefined) throw new Error('that event is not kept any more')
      // What opens a stream is no message.
      for (const event of events.slice(last + 1))
        if (event.stream === stream && 'jsonrpc' in event.message) await send(event.id, event.message)
      return stream
    },
  }
}
