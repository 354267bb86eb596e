/** A release on the terminal, and the exit code its standing means. */
import type { ReleaseView } from '@leeway/contract/releases'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { plainText, printJson, printLine, printTable } from '../../output.ts'

export function exitOfRelease(release: ReleaseView): ExitCode {
  if (release.state === 'rolled-back') return EXIT.rollback
  if (release.state === 'completed' || release.check?.verdict === 'promote') return EXIT.ok
  if (release.check?.verdict === 'unhealthy') return EXIT.unhealthy
  return EXIT.hold
}

export function printRelease(release: ReleaseView, json: boolean): void {
  process.exitCode = exitOfRelease(release)
  if (json) {
    printJson(release)
    return
  }
  const { check } = release
  printLine(
    plainText(
      `${release.handle}: ${release.candidate.name} against ${release.baseline.name}, ${release.state} at ${release.stage} (stage ${release.stageIndex + 1} of ${release.stageCount})`,
    ),
  )
  printLine()
  printLine(plainText(release.sentence))
  printLine(plainText(`Taken for true: ${release.truth}.`))
  if (release.whoLooks !== null) printLine(release.whoLooks)
  if (check) {
    const rows = [
      [
        'difference',
        `${signed(check.difference.estimate)} points (${signed(check.difference.low)} to ${signed(check.difference.high)})`,
      ],
      [
        'e-value, promote',
        `${short(check.eValuePromote)} now, ${short(check.eValuePromoteMax)} at most (needs ${short(check.threshold)})`,
      ],
      [
        'e-value, rollback',
        `${short(check.eValueRollback)} now, ${short(check.eValueRollbackMax)} at most (needs ${short(check.rollbackThreshold)})`,
      ],
      [
        'units, labels',
        `${check.units}, ${check.labels}${check.missing > 0 ? ` (${check.missing} missing)` : ''}`,
      ],
      ['check', `${check.ordinal}, at ${check.at}`],
    ]
    if (check.crossedAt !== null) rows.push(['decided after', `${check.crossedAt} units`])
    printLine()
    for (const [name, value] of rows) printLine(`  ${(name ?? '').padEnd(20)}${value}`)
    printLine()
    if (check.words.needed !== null) printLine(check.words.needed)
    printLine(check.words.severe)
    printLine(check.words.scope)
    if (check.words.kl) printLine(check.words.kl)
    if (check.words.behaviour) printLine(check.words.behaviour)
    if (check.behaviouralKl) printLine(check.behaviouralKl.words)
    for (const words of check.labelError?.words ?? []) printLine(words)
    if (check.identical && !check.labelError)
      printLine(
        `${check.identical.pairs} pairs did the same: ${check.identical.labelsSaved} labels saved; ${check.identical.differed} of ${check.identical.checked} looked at differed after all.`,
      )
  }
  if (release.toGo && (release.state === 'climbing' || release.state === 'proposed'))
    printLine(toGoWords(release.toGo))
  if (release.barrier)
    printLine(`The next stage stays shut: ${release.barrier.why}. To open it: ${release.barrier.fix}.`)
  if (release.proposal) {
    printLine()
    printLine('A promotion is proposed:')
    for (const change of release.proposal.changes) printLine(`  ${plainText(change)}`)
    printLine(
      `Approve with: leeway release approve "${release.handle}" --name "<who>" --reason "<why>" (${release.proposal.approvals.length} of ${release.proposal.approvalsNeeded} so far)`,
    )
  }
  printLine()
  printTable(
    ['#', 'decision', 'from', 'to', 'by', 'ledger'],
    release.decisions.map((one) => [
      String(one.ordinal),
      one.kind,
      one.fromStage ?? '',
      one.toStage ?? '',
      plainText(one.actorName),
      String(one.ledgerSeq),
    ]),
  )
}

function toGoWords(toGo: NonNullable<ReleaseView['toGo']>): string {
  const costs = [
    toGo.peopleHours === null ? null : `${toGo.peopleHours.toFixed(1)} hours of people`,
    toGo.usd === null ? null : `${toGo.usd.toFixed(2)} US dollars of models`,
    toGo.days === null ? null : `${toGo.days.toFixed(0)} days at this pace`,
  ].filter((cost) => cost !== null)
  return `Answers still needed if the policies are equal: ${toGo.answers}${costs.length === 0 ? '' : `, ${costs.join(', ')}`}; ${toGo.open} wait in the inbox.`
}

function signed(rate: number | null): string {
  if (rate === null) return 'unknown'
  const value = Math.round(rate * 1000) / 10
  return value > 0 ? `+${value}` : String(value)
}

function short(value: number): string {
  return value >= 1000 ? value.toExponential(1) : value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
