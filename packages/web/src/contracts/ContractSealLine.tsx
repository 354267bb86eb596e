import type { SignedContract } from '@leeway/contract/autonomy'
import { useQuery } from '@tanstack/react-query'
import { StateShape } from '../design/StateMark.tsx'
import { verifyContract } from './verify-contract.ts'

/** Whether the contract is what its key signed, found out in this browser. */
export function ContractSealLine({ signed }: { readonly signed: SignedContract }) {
  const seal = useQuery({
    queryKey: ['contract-seal', signed.sha256, signed.signature],
    queryFn: () => verifyContract(signed),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { agent, version } = signed.contract
  const command = `npx leeway contract verify ${agent} --at ${version}`
  if (seal.data === undefined) return <p className="text-ink-2">Checking the signature…</p>
  if (seal.data.kind === 'broken')
    return (
      <p role="alert" className="flex gap-2 font-semibold text-unhealthy">
        <span className="mt-0.5">
          <StateShape state="unhealthy" />
        </span>
        {seal.data.what === 'hash'
          ? 'Not whole: this is not the contract that was hashed. The gateway serves nobody by it.'
          : 'Not whole: the signature is not of this contract. The gateway serves nobody by it.'}
      </p>
    )
  if (seal.data.kind === 'unknown')
    return (
      <p className="text-ink-2">
        {seal.data.why === 'no-key'
          ? 'The ledger never introduced the key that signed it, so nobody can tell whether it is whole.'
          : 'This browser cannot check signatures here.'}{' '}
        <code className="font-mono text-12">{command}</code> does.
      </p>
    )
  return (
    <p className="flex gap-2">
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
        Signed by <code className="font-mono text-12">{signed.keyId}</code>, a key that the ledger introduced;
        hash and signature fit, checked in this browser.
      </span>
    </p>
  )
}
