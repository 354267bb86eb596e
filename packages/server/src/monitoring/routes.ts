/** What a scraper of Prometheus reads of a project: its standing from the database, and what this process's gateway did. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { type ProcessStanding, spoolOf, turnsOf } from './all-processes.ts'
import { projectGauges } from './project-gauges.ts'
import { upstreamGauges } from './upstream-gauges.ts'

const metrics = projectRoute({
  method: 'get',
  path: '/metrics',
  scope: 'read',
  summary: 'Metrics in the text format of Prometheus',
  responses: {
    // No schema: the format is Prometheus's.
    200: { description: 'text/plain; version=0.0.4' },
  },
})

/** The processes of this server that serve agents. */
export type Monitored = () => Promise<readonly ProcessStanding[]>

export function monitoringRoutes(effects: Effects, monitored: Monitored | null): FeatureRouter {
  const own = processRegistry(monitored)
  const router = featureRouter()
  router.openapi(metrics, async (c) => {
    const projectId = c.var.project.id
    const standings = (await monitored?.()) ?? []
    const turns = turnsOf(standings, projectId)
    const all = [
      own,
      await projectGauges(effects.db, projectId, effects.now()),
      ...(turns === null ? [] : [turns]),
      ...(monitored === null
        ? []
        : [
            upstreamGauges(
              standings.flatMap(({ upstreams }) => upstreams),
              projectId,
            ),
          ]),
    ]
    const text = await Registry.merge(all).metrics()
    return c.text(text, 200, {
      'content-type': Registry.PROMETHEUS_CONTENT_TYPE,
      'cache-control': 'no-store',
    })
  })
  return router
}

function processRegistry(monitored: Monitored | null): Registry {
  const registry = new Registry()
  if (monitored === null) return registry
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'leeway_gateway_spool_bytes',
    help: 'Bytes of records on this disk that the database does not have yet. At its limit nothing is answered.',
    registers: [registry],
    async collect() {
      this.set(spoolOf(await monitored()).bytes)
    },
  })
  new Gauge({
    name: 'leeway_gateway_spool_damaged_lines',
    help: 'Records on this disk that were damaged after they had been acknowledged. Above 0 the disk is not to be trusted.',
    registers: [registry],
    async collect() {
      this.set(spoolOf(await monitored()).damagedLines)
    },
  })
  return registry
}
