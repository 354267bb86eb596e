/**
 * A signal that ends with time or with another signal. Not `AbortSignal.any` over `AbortSignal.timeout`: in Node 20 that forgets the time as
 * soon as memory is collected, and whoever waits then waits for ever.
 */
export type Deadline = {
  readonly signal: AbortSignal
  /** Whether time has ended it. */
  readonly isOver: () => boolean
  /** Whoever has what it waited for says so: nothing is left behind. */
  readonly clear: () => void
}

export function deadline(milliseconds: number, stop: AbortSignal): Deadline {
  const controller = new AbortController()
  let over = false
  const timer = setTimeout(() => {
    over = !controller.signal.aborted
    controller.abort(new DOMException('The time is over.', 'TimeoutError'))
  }, milliseconds)
  const stopped = () => controller.abort(stop.reason)
  if (stop.aborted) stopped()
  else stop.addEventListener('abort', stopped, { once: true })
  return {
    signal: controller.signal,
    isOver: () => over,
    clear() {
      clearTimeout(timer)
      stop.removeEventListener('abort', stopped)
    },
  }
}
