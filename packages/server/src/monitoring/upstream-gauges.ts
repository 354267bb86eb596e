/** What happened with a project's upstreams since this process began, and which of them it leaves alone now. */
import { Counter, Gauge, Registry } from 'prom-client'
import type { UpstreamStanding } from '../gateway/patient-upstreams.ts'

export function upstreamGauges(standings: readonly UpstreamStanding[], projectId: string): Registry {
  const registry = new Registry()
  const labels = { labelNames: ['upstream'] as const, registers: [registry] }
  const counter = (name: string, help: string) => new Counter({ name, help, ...labels })
  const calls = counter('leeway_upstream_calls_total', 'Times that an upstream was called.')
  const failures = counter(
    'leeway_upstream_failures_total',
    'Calls without an answer, cut, too late, or answered with 500 and above.',
  )
  const retries = counter(
    'leeway_upstream_retries_total',
    'Calls that were made again: the first had no effect.',
  )
  const fallbacks = counter(
    'leeway_upstream_fallbacks_total',
    'Requests that it took over from another upstream.',
  )
  const stopped = new Gauge({
    name: 'leeway_upstream_stopped',
    help: 'Processes of this server that leave an upstream alone after failures in a row.',
    ...labels,
  })
  for (const standing of standings) {
    if (standing.projectId !== projectId) continue
    const { upstream } = standing
    calls.inc({ upstream }, standing.calls)
    failures.inc({ upstream }, standing.failures)
    retries.inc({ upstream }, standing.retries)
    fallbacks.inc({ upstream }, standing.fallbacks)
    stopped.inc({ upstream }, standing.isOpen ? 1 : 0)
  }
  return registry
}
