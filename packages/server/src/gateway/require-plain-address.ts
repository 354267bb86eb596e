import { AppError } from '../http/app-error.ts'

/** Throws AppError unprocessable for an address with a secret in it: addresses are shown. */
export function requirePlainAddress(address: string, field: string): void {
  const { username, password } = new URL(address)
  if (username !== '' || password !== '')
    throw new AppError(
      'unprocessable',
      'The address holds a name or a password, and addresses are shown.',
      'Store the secret as a provider key and name it here.',
      { field },
    )
}
