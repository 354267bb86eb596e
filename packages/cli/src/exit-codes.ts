/** What `leeway` tells the shell. Part of the public interface: scripts switch on these numbers. */
export const EXIT = {
  ok: 0,
  internal: 1,
  badInput: 2,
  hold: 3,
  rollback: 4,
  unhealthy: 5,
  partial: 6,
  unreachable: 7,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Input somebody can mend: printed as it is, without a stack, exit 2 unless `exitCode` says otherwise. */
export class CommandError extends Error {
  readonly fix: string
  readonly exitCode: ExitCode

  constructor(message: string, fix: string, exitCode: ExitCode = EXIT.badInput) {
    super(message)
    this.name = 'CommandError'
    this.fix = fix
    this.exitCode = exitCode
  }
}
