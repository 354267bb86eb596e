import type { ContractList } from '@leeway/contract/autonomy'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { Prose } from '../design/Prose.tsx'
import { Time } from '../design/Time.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { reasonWords } from './reason-words.ts'

const SHOWN_FIRST = 12

/** Every version, newest first: who issued it, and why. */
export function VersionList({
  project,
  agent,
  versions,
  shown,
}: {
  readonly project: string
  readonly agent: string
  readonly versions: z.infer<typeof ContractList>['items']
  readonly shown: number
}) {
  const [isWhole, setWhole] = useState(false)
  const rest = versions.length - SHOWN_FIRST
  return (
    <>
      <ol className="divide-y divide-line">
        {(isWhole ? versions : versions.slice(0, SHOWN_FIRST)).map(
          ({ version, issuedAt, actorName, reason }, at) => (
            <li key={version} className="py-2">
              <p className="flex flex-wrap items-baseline justify-between gap-x-3">
                {version === shown ? (
                  <span aria-current="true" className="font-semibold">
                    Version {version}
                  </span>
                ) : (
                  <Link
                    to="/p/$project/contracts/$agent"
                    params={{ project, agent }}
                    search={at === 0 ? {} : { version }}
                    className="link"
                  >
                    Version {version}
                  </Link>
                )}
                <span className="text-12 text-ink-2">
                  <Time at={issuedAt} />
                </span>
              </p>
              <p className="line-clamp-3 text-12 text-ink-2" dir="auto">
                {actorName}: <Prose text={reasonWords(reason)} />
              </p>
            </li>
          ),
        )}
      </ol>
      {rest > 0 && !isWhole ? (
        <button type="button" className="link mt-1 text-12" onClick={() => setWhole(true)}>
          Show {formatCountOf(rest, 'earlier one', 'earlier ones')}
        </button>
      ) : null}
    </>
  )
}
