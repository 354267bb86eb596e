import type { LedgerVerification } from '@leeway/contract/ledger'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { CopyButton } from '../design/CopyButton.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { StateShape } from '../design/StateMark.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { useLedgerHead, useVerifyLedger } from './queries.ts'

/** The head to keep elsewhere, and the check of the whole chain. */
export function LedgerSeal({ project }: { readonly project: string }) {
  const head = useLedgerHead(project)
  const verify = useVerifyLedger(project)
  const [expect, setExpect] = useState('')
  return (
    <div className="self-start max-lg:order-first">
      <Panel title="Seal">
        {head.data === undefined ? null : (
          <div className="mb-4">
            <p>
              Head: entry {formatCount(head.data.seq)}, hash{' '}
              <code className="font-mono text-12">{head.data.hash.slice(0, 10)}…</code>
            </p>
            <CopyButton value={head.data.text} what="head" />
            <p className="mt-1 text-12 text-ink-2">
              Keep it outside this server. Later it shows that nothing before it changed.
            </p>
          </div>
        )}
        {head.isError ? <Failure error={head.error} onRetry={() => head.refetch()} /> : null}
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault()
            verify.mutate(expect.trim())
          }}
        >
          <TextField
            label="A head you kept (optional)"
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            pattern="\d{1,15}:[0-9a-f]{64}"
            title="number:hash, as copied above or printed by leeway ledger head"
            value={expect}
            onChange={(event) => setExpect(event.target.value)}
          />
          <Button type="submit" disabled={verify.isPending}>
            {verify.isPending ? 'Checking every entry…' : 'Verify the ledger'}
          </Button>
        </form>
        <div role="status" className="mt-3">
          {verify.isSuccess ? (
            <Verification result={verify.data} hasExpected={verify.variables !== ''} />
          ) : null}
        </div>
        {verify.isError ? <Failure error={verify.error} /> : null}
      </Panel>
    </div>
  )
}

function Verification({
  result,
  hasExpected,
}: {
  readonly result: LedgerVerification
  readonly hasExpected: boolean
}) {
  if (result.intact) {
    return (
      <p className="flex gap-2 rounded-md bg-promote-wash px-3 py-2">
        <svg
          aria-hidden="true"
          width="16"
          height="16"
          viewBox="0 0 16 16"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          className="mt-0.5 shrink-0 text-promote"
        >
          <path d="m3 8.5 3.2 3.2L13 5" />
        </svg>
        <span>
          Intact: {formatCountOf(result.entries, 'entry', 'entries')}, every hash and signature fits
          {hasExpected ? ', and your head is among them' : ''}.
        </span>
      </p>
    )
  }
  return (
    <div className="rounded-md bg-unhealthy-wash px-3 py-2">
      <p className="flex gap-2 font-semibold text-unhealthy">
        <StateShape state="unhealthy" />
        {formatCountOf(result.faultCount, 'fault')} found
      </p>
      <ul className="mt-1 list-disc space-y-1 ps-5">
        {result.faults.map((fault) => (
          <li key={`${fault.kind} ${fault.seq}`}>{fault.text}</li>
        ))}
      </ul>
    </div>
  )
}
