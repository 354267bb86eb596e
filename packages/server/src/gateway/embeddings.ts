/**
 * `/v1/embeddings`: acts on nothing and says nothing, so it is passed on as it is. What it costs is counted among what the agent has spent
 * before the client sees the end of it.
 */
import type { ServerResponse } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ServedAgent } from './bundle.ts'
import { passedHeaders } from './call-upstream.ts'
import { chatClient } from './chat-client.ts'
import { chatCompletions } from './chat-request.ts'
import { setMembers } from './set-members.ts'
import { priceUnknown, type Spend, tokensByLength } from './spend.ts'
import type { TurnParts } from './turn.ts'

/** Vectors may be many; how many tokens they took stands behind or before them. */
const KEPT_BYTES = 4_096

type EmbeddingParts = Pick<TurnParts, 'upstreams' | 'effects'> & {
  readonly spend: Pick<Spend, 'requireLeft' | 'paid'>
}

/** Throws GatewayRefusal when nothing is left, when the price is not known, and when there is no answer. */
export async function passEmbeddings(
  { spend, upstreams, effects: { log } }: EmbeddingParts,
  agent: ServedAgent,
  text: string,
  response: ServerResponse,
): Promise<void> {
  const { baseline } = agent
  const price = baseline.usdPerMillion
  if (price === null && agent.contract.limits.usdPerDay !== null) throw priceUnknown()
  await spend.requireLeft(agent)
  const client = chatClient(response, { streams: false, own: {}, streamError: chatCompletions.streamError })
  const { status, headers, body } = await upstreams.call(baseline, '/embeddings', {
    body: setMembers(text, { model: baseline.model }),
    signal: client.gone(),
    accept: 'application/json',
  })
  // An error costs nothing.
  let isCounted = status >= 400
  const count = async (answer: string): Promise<void> => {
    if (isCounted || price === null) return
    isCounted = true
    await spend.paid(agent, ((tokensIn(answer) ?? tokensByLength(text)) * price.input) / 1e6)
  }
  let [first, last] = [Buffer.alloc(0), Buffer.alloc(0)]
  const counting = new Transform({
    transform(piece: Buffer, _, done) {
      if (first.length < KEPT_BYTES) first = Buffer.concat([first, piece.subarray(0, KEPT_BYTES)])
      last = Buffer.concat([last, piece]).subarray(-KEPT_BYTES)
      done(null, piece)
    },
    flush(done) {
      count(`${first} ${last}`).then(() => done(), done)
    },
  })
  response.writeHead(status, { ...passedHeaders(headers), 'content-type': 'application/json' })
  try {
    await pipeline(body, counting, response)
  } catch (error) {
    // What was cut has been paid for.
    await count('')
    if (!client.isGone()) log.warn({ err: error, agent: agent.agentId }, 'embeddings were cut')
  }
}

/** Null where the answer does not count them. */
function tokensIn(answer: string): number | null {
  const found = /"usage"\s*:\s*\{[^}]*?"(?:prompt_tokens|total_tokens)"\s*:\s*(\d{1,12})\b/.exec(answer)
  return found === null ? null : Number(found[1])
}
