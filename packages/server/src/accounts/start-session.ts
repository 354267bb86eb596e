import type { Context } from 'hono'
import { AppError } from '../http/app-error.ts'
import type { AccountServices } from './account-services.ts'

/** Checks the password and puts the session's cookie on the answer. Throws AppError unauthenticated. */
export async function startSession(
  c: Context,
  { auth }: Pick<AccountServices, 'auth'>,
  who: { readonly email: string; readonly password: string },
): Promise<void> {
  const answer = await auth.api.signInEmail({
    body: { email: who.email, password: who.password },
    headers: c.req.raw.headers,
    asResponse: true,
  })
  if (!answer.ok) {
    if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`)
    throw new AppError(
      'unauthenticated',
      'E-mail and password do not belong together.',
      'Try again, or ask an admin of your project for a reset link.',
    )
  }
  for (const cookie of answer.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
}
