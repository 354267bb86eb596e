import type { UpstreamView } from '@leeway/contract/gateway'
import { Button } from '../design/Button.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { formatDuration } from '../numbers/format-number.ts'

/** Where models are called. */
export function UpstreamsPanel({
  upstreams,
  onAdd,
  onChange,
}: {
  readonly upstreams: readonly UpstreamView[]
  /** Left out: nobody here may. */
  readonly onAdd: React.ReactNode
  readonly onChange: ((upstream: UpstreamView) => void) | null
}) {
  return (
    <Panel title="Upstreams" aside={onAdd}>
      {upstreams.length === 0 ? (
        <p className="py-2 text-ink-2">
          None yet. An upstream is any address that speaks OpenAI’s API: a provider, or a server of your own.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {upstreams.map((upstream) => (
          <li
            key={upstream.name}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5"
          >
            <div className="min-w-0">
              <p>
                <bdi className="font-semibold">{upstream.name}</bdi>{' '}
                <code className="font-mono text-12 text-ink-2">{upstream.baseUrl}</code>
              </p>
              <p className="text-12 text-ink-2">
                {upstream.keyName === null ? (
                  'No key is sent'
                ) : (
                  <>
                    Key <bdi>{upstream.keyName}</bdi>
                  </>
                )}
                , waits {formatDuration(upstream.timeoutSeconds * 1_000)} at most
                {upstream.scoresWith === 'none' ? '' : ', scores candidates’ words'}, since{' '}
                <Time at={upstream.at} />
              </p>
            </div>
            {onChange === null ? null : (
              <Button size="small" onClick={() => onChange(upstream)}>
                Change
                <span className="sr-only"> {upstream.name}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
