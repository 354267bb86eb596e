/**
 * Calls upstreams that are not always there: tries again where the first try had no effect, stops calling one that fails again
 * and again, and goes to another that serves the same model, where one is named.
 *
 * Tried again    only what was never carried out: no connection came about, or the upstream said 429 or 503 and when to come
 *                back. An answer that was cut, and one that did not come in time, may have been carried out.
 * Bounded        `TRIES_MAX` tries at one upstream, and `WAIT_MS_MAX` of waiting in all. Who is told to wait longer is told so:
 *                a client knows whether it still wants the answer.
 * Never twice    `once`: tools of the provider that change something may run. Then a 429 or 503 is not believed: who says it may
 *                stand in the middle.
 */
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Breaker, breaker, type Entered } from './breaker.ts'
import type { Serving } from './bundle.ts'
import { neverArrived, readAnswer, type UpstreamAnswer, type Upstreams } from './call-upstream.ts'
import { GatewayRefusal } from './openai-error.ts'

const TRIES_MAX = 3
const WAIT_MS_MAX = 2_000
const FIRST_WAIT_MS = 100

/** What happened with an upstream since this process began. */
type UpstreamCounts = {
  calls: number
  /** Not reached, cut, too late, or an answer of 500 and above. */
  failures: number
  retries: number
  /** Times that calls to it were stopped. */
  opened: number
  /** Requests of others that it took over. */
  fallbacks: number
}

export type UpstreamStanding = Pick<Serving, 'projectId' | 'upstream'> &
  Readonly<UpstreamCounts> & {
    /** It is left alone. */
    readonly isOpen: boolean
  }

export type PatientUpstreams = Upstreams & {
  /** Of every upstream that was called. */
  readonly standings: () => readonly UpstreamStanding[]
}

type Place = Pick<Serving, 'projectId' | 'upstream'> & {
  readonly counts: UpstreamCounts
  readonly breaker: Breaker
}
type Began = Pick<UpstreamAnswer, 'status' | 'headers'> & { readonly body: Readable | Buffer }
/** Why nobody waits for the answer any more; null while somebody does. */
type Gone = () => Error | null

/** `nowMs`: of a clock that never goes back. */
export function patientUpstreams(inner: Upstreams, nowMs: () => number): PatientUpstreams {
  const places = new Map<string, Place>()
  const placeOf = ({ projectId, upstream, baseUrl }: Serving): Place => {
    // What one project asks too much of, or waits for too short, is no matter of another.
    const key = `${projectId} ${upstream} ${baseUrl}`
    const known = places.get(key)
    if (known !== undefined) return known
    const counts = { calls: 0, failures: 0, retries: 0, opened: 0, fallbacks: 0 }
    const made = {
      projectId,
      upstream,
      counts,
      breaker: breaker(nowMs, () => {
        counts.opened += 1
      }),
    }
    places.set(key, made)
    return made
  }

  /** One try. The failure of a call that may be made again is given back, any other thrown. */
  async function attempt<Answer extends Began>(
    { counts }: Place,
    call: Entered,
    send: () => Promise<Answer>,
    gone: Gone,
  ): Promise<Answer | GatewayRefusal> {
    const failed = () => {
      counts.failures += 1
      call.failed()
    }
    counts.calls += 1
    try {
      const answer = await send()
      if (answer.status >= 500) failed()
      else if (answer.body instanceof Readable) followBody(answer.body, call, failed, gone)
      else call.worked()
      return answer
    } catch (error) {
      if (gone() !== null) {
        call.left()
        throw error
      }
      failed()
      if (error instanceof GatewayRefusal && neverArrived(error)) return error
      throw error
    }
  }

  async function ask<Answer extends Began>(
    serving: Serving,
    once: boolean,
    gone: Gone,
    send: (serving: Serving) => Promise<Answer>,
    drop: (answer: Answer) => void,
  ): Promise<Answer> {
    let waitedMs = 0
    let last: Answer | GatewayRefusal | null = null
    for (const where of [serving, ...fallbackOf(serving)]) {
      const place = placeOf(where)
      for (let tries = 1; ; tries++) {
        const call = place.breaker.enter()
        if (call === null) {
          last ??= paused(place.breaker.waitMs())
          break
        }
        if (where !== serving && tries === 1) place.counts.fallbacks += 1
        if (last !== null && !(last instanceof GatewayRefusal)) drop(last)
        last = await attempt(place, call, () => send(where), gone)
        if (!(last instanceof GatewayRefusal) && (once || !isBusy(last))) return last
        const waitMs: number | null =
          last instanceof GatewayRefusal ? FIRST_WAIT_MS * 2 ** (tries - 1) : retryAfterMs(last)
        if (tries === TRIES_MAX || waitMs === null || waitedMs + waitMs > WAIT_MS_MAX) break
        waitedMs += waitMs
        place.counts.retries += 1
        await pause(waitMs)
        const why = gone()
        if (why !== null) throw why
      }
    }
    if (last === null || last instanceof GatewayRefusal) throw last
    return last
  }

  return {
    call: (serving, path, init) =>
      ask(
        serving,
        init.once === true,
        () => (init.signal.aborted ? (init.signal.reason as Error) : null),
        (where) => inner.call(where, path, init),
        // Read to its end, so that the connection can be used again.
        ({ body }) => void readAnswer(body).catch(() => {}),
      ),
    async whole(serving, path, init) {
      let gone: Error | null = null
      const stopListening = init.onGone((why) => {
        gone = why
      })
      try {
        return await ask(
          serving,
          init.once === true,
          () => gone,
          (where) => inner.whole(where, path, init),
          () => {},
        )
      } finally {
        stopListening()
      }
    },
    close: inner.close,
    standings: () =>
      [...places.values()].map(({ counts, breaker, ...place }) => ({
        ...place,
        ...counts,
        isOpen: breaker.waitMs() > 0,
      })),
  }
}

/** A stream has worked when it has ended, and not when it begins. */
function followBody(body: Readable, call: Entered, failed: () => void, gone: Gone): void {
  call.began()
  body.once('end', call.worked)
  body.once('error', (error: Error & { readonly code?: string }) => {
    // Let go here: what it says is not understood, or nobody waits for it.
    if (gone() === null && error.code !== 'UND_ERR_ABORTED') failed()
  })
  body.once('close', call.left)
}

/** Whether a request that failed so reached no model. */
export function neverCalled(error: unknown): boolean {
  return error instanceof GatewayRefusal && (error.code === PAUSED || neverArrived(error))
}

const PAUSED = 'upstream_paused'

const isBusy = ({ status }: Began) => status === 429 || status === 503

/** Null where nothing was said, or nothing that can be understood. */
function retryAfterMs({ headers }: Began): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null
}

/** The same model elsewhere. */
const fallbackOf = (serving: Serving): readonly Serving[] =>
  serving.fallback === null ? [] : [{ ...serving, ...serving.fallback }]

function paused(waitMs: number): GatewayRefusal {
  return new GatewayRefusal(
    503,
    PAUSED,
    'The model failed several times in a row and is not called for a moment.',
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) },
  )
}
