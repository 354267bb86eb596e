import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { DoorFrame } from './DoorFrame.tsx'
import { useSignIn } from './queries.ts'

/** The door for people who have an account. */
export function SignInPage() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { next } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const signIn = useSignIn()
  return (
    <DoorFrame title="Sign in">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate(
            { email, password },
            { onSuccess: () => navigate({ to: next ?? '/', replace: true }) },
          )
        }}
      >
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {signIn.isError ? <Failure error={signIn.error} /> : null}
        <Button kind="primary" type="submit" className="w-full" disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      <p className="mt-6 border-t border-line pt-4 text-12 text-ink-2">
        No account yet, or the password is lost? Ask an admin for a link. On the server’s own machine,{' '}
        <code className="font-mono">npx leeway admin link</code> prints one.
      </p>
    </DoorFrame>
  )
}
