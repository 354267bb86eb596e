/** A start that cannot go on for a reason the operator can mend. The message is the one line to print. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}
