import type { InspectedLink } from '@leeway/contract/accounts'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Time } from '../design/Time.tsx'
import { DoorFrame } from './DoorFrame.tsx'
import { useLink, useRedeemLink } from './queries.ts'

const PASSWORD_CHARACTERS_MIN = 10

/** What follows the # of a whole link. */
const TOKEN = /^[\w-]{43}$/

/** An admin, invitation or reset link. The token is behind the #, so that it is in no server's log. */
export function LinkPage() {
  const token = useLocation().hash.replace(/^#/, '')
  if (TOKEN.test(token)) return <WholeLink token={token} />
  return (
    <DoorFrame title="This link is not whole">
      <p>Something is missing after the #. Copy the link again, to its very end.</p>
      <SignInInstead />
    </DoorFrame>
  )
}

function WholeLink({ token }: { readonly token: string }) {
  const link = useLink(token)
  return (
    <DoorFrame title={link.data === undefined ? 'Your link' : TITLES[link.data.purpose]}>
      {link.isPending ? <Loading what="the link" /> : null}
      {link.isError ? (
        <>
          <Failure error={link.error} />
          <SignInInstead />
        </>
      ) : null}
      {link.isSuccess ? <RedeemForm token={token} link={link.data} /> : null}
    </DoorFrame>
  )
}

function SignInInstead() {
  return (
    <p className="mt-4 text-12 text-ink-2">
      Links work once and for a short time. Have an account?{' '}
      <Link to="/sign-in" className="link whitespace-nowrap">
        Sign in
      </Link>
    </p>
  )
}

function RedeemForm({ token, link }: { readonly token: string; readonly link: InspectedLink }) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const redeem = useRedeemLink()
  const isReset = link.purpose === 'reset'
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        redeem.mutate(isReset ? { token, password } : { token, password, email, name }, {
          onSuccess: () => navigate({ to: '/', replace: true }),
        })
      }}
    >
      <p className="text-ink-2">{purposeWords(link)}</p>
      {isReset ? null : (
        <>
          <TextField
            label="Your name"
            hint="Stands beside every decision you take."
            autoComplete="name"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="E-mail"
            hint="Have an account here? Give its e-mail and password."
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </>
      )}
      <TextField
        label="Password"
        hint={`At least ${PASSWORD_CHARACTERS_MIN} characters.`}
        type="password"
        autoComplete={isReset ? 'new-password' : 'current-password'}
        required
        minLength={PASSWORD_CHARACTERS_MIN}
        maxLength={128}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {redeem.isError ? <Failure error={redeem.error} /> : null}
      <Button kind="primary" type="submit" className="w-full" disabled={redeem.isPending}>
        {redeem.isPending ? 'One moment…' : 'Continue'}
      </Button>
      <p className="text-12 text-ink-2">
        The link ends <Time at={link.expiresAt} style="ago" />.
      </p>
    </form>
  )
}

const TITLES = {
  admin: 'Welcome, admin',
  invite: 'You are invited',
  reset: 'Choose a new password',
} as const satisfies Record<InspectedLink['purpose'], string>

function purposeWords(link: InspectedLink): string {
  switch (link.purpose) {
    case 'admin':
      return 'Make the account that runs this server.'
    case 'invite':
      return `Join ${link.project?.name ?? 'the project'} as ${link.role ?? 'a member'}.`
    case 'reset':
      return `For ${link.email ?? 'your account'}.`
  }
}
