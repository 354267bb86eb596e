/**
 * The models of the study, in a process of their own: proposes calls that are allowed and calls that are not, breaks off, fails,
 * insists. Tells its parent of every response what it proposed before it says it to anybody.
 *
 * The conversation's first message says `<agent> <conversation> <turns>`.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fakeUpstream, type UpstreamReply, type UpstreamRequest } from '@leeway/server/testing/fake-upstream'
import { type Proposal, proposeCalls } from './world.ts'

/** What the parent is told. */
export type Proposed = { readonly by: 'baseline' | 'candidate'; readonly calls: readonly Proposal[] }

const BREAKS = 0.06
/** Share of answers that take a while. */
const SLOW = Number(process.argv[3] ?? 0.02)
const SLOW_MS = 1_500

const upstream = await fakeUpstream()
const random = seededRandom(Number(process.argv[2] ?? 1))
let responses = 0

upstream.otherwise((request) => {
  // Kept by the fake for tests that look at them.
  upstream.requests.length = 0
  const broken = random() < BREAKS ? breakOff() : {}
  if (broken.status !== undefined) return broken
  const pace = {
    ...(random() < SLOW ? { afterMs: Math.floor(random() * SLOW_MS) } : {}),
    ...(random() < 0.2 ? { pieceBytes: 64 + Math.floor(random() * 400) } : {}),
  }
  return { ...answer(request), ...pace, ...broken }
})
process.send?.({ url: upstream.url })
// A study that was ended leaves nobody behind.
process.on('disconnect', () => process.exit())

function breakOff(): UpstreamReply {
  const kind = random()
  if (kind < 0.2) return { status: 500 }
  if (kind < 0.4) return { status: 429 }
  return { cutAfter: Math.floor(random() * 2_500) }
}

function answer({ body }: UpstreamRequest): UpstreamReply {
  const [agent = '', , turns = '1'] = String(body.messages[0]?.content).split(' ')
  const answered = body.messages.filter(({ role }) => role === 'assistant').length
  const text = 'I look into it. '
  if (answered >= Number(turns) || random() < 0.05) return { text: 'That was all. ' }
  responses += 1
  const own = responses
  let call = 0
  const calls = proposeCalls(random, () => `r${own}-${call++}`, agent)
  const proposed: Proposed = { by: body.model === 'model-2' ? 'candidate' : 'baseline', calls }
  process.send?.(proposed)
  return {
    ...(random() < 0.7 ? { text } : {}),
    calls: calls.map(({ id, tool, argumentsText }) => ({ id, tool, arguments: argumentsText })),
  }
}
