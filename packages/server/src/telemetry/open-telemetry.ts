import type { Effects } from '../http/environment.ts'
import type { Settings } from '../settings/setting-table.ts'
import type { Telemetry } from './start-telemetry.ts'

/** Null where nobody is to be told. */
export async function openTelemetry(
  settings: Settings,
  { log, newId }: Pick<Effects, 'log' | 'newId'>,
): Promise<Telemetry | null> {
  const { otlpEndpoint: endpoint, otlpHeaders: headers = {} } = settings
  if (endpoint === undefined) return null
  // Only when asked for: the exporters need not be loaded to serve.
  const { startTelemetry } = await import('./start-telemetry.ts')
  const { tracesSampler } = await import('./traces-sampler.ts')
  const sampler = tracesSampler(settings.tracesSampler, settings.tracesSamplerArg)
  return startTelemetry(log, { endpoint, headers, instanceId: newId(), sampler })
}
