/**
 * Threads that run the slices of a pass beside this one. All memory of a plan is shared; this thread takes slices like the
 * others and sleeps only for those that another has begun, so threads that are slow to start hold nobody up.
 */
import { Worker } from 'node:worker_threads'
import type { EmPlan } from '@leeway/core/inference/em-pass'
import type { EmThreads } from '@leeway/core/inference/truth-method'
import { DONE, FAULT, NEXT, type SharedPass, takeSlices } from './take-slices.ts'

/** Where threads look for work: a number that rises with each pass, and falls below 0 at the end. */
const PASS = 0
const PATIENCE_MS = 60_000

export type EmThreadPool = EmThreads & { readonly close: () => Promise<void> }

/** `threads` beside this one; 0 is this one alone, with the same result. */
export function emThreads(threads: number): EmThreadPool {
  const call = new Int32Array(new SharedArrayBuffer(4))
  const pool = Array.from({ length: threads }, () => new Worker(threadModule(), { workerData: call }))
  for (const thread of pool) thread.unref()
  let current: { readonly plan: EmPlan; readonly shared: SharedPass } | null = null
  return {
    allocate: (bytes) => new SharedArrayBuffer(bytes),
    runSlices: (plan) => {
      if (current?.plan !== plan) {
        current = { plan, shared: { plan, progress: new Int32Array(new SharedArrayBuffer(12)) } }
        for (const thread of pool) thread.postMessage(current.shared)
      }
      const { progress } = current.shared
      Atomics.store(progress, DONE, 0)
      Atomics.store(progress, NEXT, 0)
      Atomics.add(call, PASS, 1)
      Atomics.notify(call, PASS)
      takeSlices(current.shared)
      for (let done = Atomics.load(progress, DONE); done < plan.slices; done = Atomics.load(progress, DONE))
        if (Atomics.wait(progress, DONE, done, PATIENCE_MS) === 'timed-out')
          throw new Error('a thread began a slice of the ratings and did not end it')
      if (Atomics.load(progress, FAULT) !== 0) throw new Error('a slice of the ratings failed in a thread')
    },
    close: async () => {
      Atomics.store(call, PASS, -1)
      Atomics.notify(call, PASS)
      await Promise.all(pool.map((thread) => thread.terminate()))
    },
  }
}

/** Compiled, the module stands beside this one. From sources, a thread needs the loader that this one was started with. */
function threadModule(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./em-thread.js', import.meta.url)
  const source = new URL('./em-thread.ts', import.meta.url)
  const loader = import.meta.resolve('tsx/esm/api')
  return new URL(`data:text/javascript,import{register}from'${loader}';register();await import('${source}')`)
}
