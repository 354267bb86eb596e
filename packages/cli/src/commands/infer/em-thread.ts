/** One thread of `emThreads`: sleeps until a pass is called, and takes slices of the newest plan it was sent. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type SharedPass, takeSlices } from './take-slices.ts'

const call = workerData as Int32Array
let pass: SharedPass | null = null
for (;;) {
  // Read before looking for work: a pass that is called from here on wakes the wait below.
  const called = Atomics.load(call, 0)
  if (called < 0) break
  for (;;) {
    const sent = parentPort === null ? undefined : receiveMessageOnPort(parentPort)
    if (sent === undefined) break
    pass = sent.message as SharedPass
  }
  if (pass !== null) takeSlices(pass)
  Atomics.wait(call, 0, called)
}
