/** A check on the terminal: one sentence, the numbers, what more it would take. And the same as JSON. */
import type { Check, Verdict } from '@leeway/core/gate/check'
import { type CheckNames, describeCheck } from '@leeway/core/gate/describe-check'
import { describeLabelError } from '@leeway/core/gate/describe-label-error'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'

export const EXIT_OF_VERDICT: Record<Verdict, ExitCode> = {
  promote: EXIT.ok,
  hold: EXIT.hold,
  rollback: EXIT.rollback,
  unhealthy: EXIT.unhealthy,
}

export function printCheck(check: Check, names: CheckNames, json: boolean): void {
  const words = describeCheck(check, names)
  const { evidence, plan } = check
  const crossedAt = check.verdict === 'rollback' ? evidence.rollbackCrossedAt : evidence.promoteCrossedAt
  if (json) {
    printJson({
      decision: check.verdict,
      reason: check.reason,
      sentence: words.verdict,
      needed: words.needed,
      scope: words.scope,
      eValuePromote: eValue(evidence.logPromote),
      eValueRollback: eValue(evidence.logRollback),
      eValuePromoteMax: eValue(evidence.logPromoteMax),
      eValueRollbackMax: eValue(evidence.logRollbackMax),
      threshold: 1 / plan.alpha,
      crossedAt,
      pairs: evidence.units,
      labels: evidence.labels,
      missing: evidence.missing,
      difference: { estimate: evidence.estimate, low: evidence.low, high: evidence.high },
      candidateFailure: evidence.candidateFailure,
      baselineFailure: evidence.baselineFailure,
      margin: plan.margin,
      harmMargin: plan.harmMargin,
      alpha: plan.alpha,
      labelError: { ...evidence.labelError, sentences: describeLabelError(check, names) },
    })
    return
  }
  printLine(plainText(words.verdict))
  printLine()
  const row = (name: string, value: string) => printLine(`  ${name.padEnd(22)}${value}`)
  row(
    'difference',
    evidence.estimate === null
      ? 'unknown'
      : `${signed(evidence.estimate)} points (${signed(evidence.low)} to ${signed(evidence.high)})`,
  )
  row('margin', `${signed(plan.margin)} points to promote, ${signed(plan.harmMargin)} to roll back`)
  row(
    'e-value, promote',
    `${short(eValue(evidence.logPromote))} now, ${short(eValue(evidence.logPromoteMax))} at most (needs ${short(1 / plan.alpha)})`,
  )
  row(
    'e-value, rollback',
    `${short(eValue(evidence.logRollback))} now, ${short(eValue(evidence.logRollbackMax))} at most (needs ${short(1 / plan.alpha)})`,
  )
  row(
    'units, labels',
    `${evidence.units}, ${evidence.labels}${evidence.missing > 0 ? ` (${evidence.missing} missing)` : ''}`,
  )
  if (crossedAt !== null && check.verdict !== 'hold') row('decided after', `${crossedAt} units`)
  printLine()
  if (words.needed !== null) printLine(words.needed)
  for (const sentence of describeLabelError(check, names)) printLine(plainText(sentence))
  printLine(words.scope)
}

/** Beyond 1e304 a number is Infinity, which JSON has no word for. */
function eValue(logEValue: number): number {
  return Math.exp(Math.min(logEValue, 700))
}

function signed(rate: number): string {
  const value = Math.round(rate * 1000) / 10
  return value > 0 ? `+${value}` : String(value)
}

function short(value: number): string {
  return value >= 1000 ? value.toExponential(1) : value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
