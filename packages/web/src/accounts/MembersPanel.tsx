import type { IssuedLink, Member } from '@leeway/contract/accounts'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { OnceShown } from './OnceShown.tsx'
import { useChangeMember, useInvite, useMe, useMembers, useReset } from './queries.ts'

const ROLES = [
  ['admin', 'Admin: everything, including people and keys'],
  ['rater', 'Rater: answers questions, sees no policies'],
  ['auditor', 'Auditor: reads everything, changes nothing'],
] as const

export function MembersPanel({ project }: { readonly project: string }) {
  const members = useMembers(project)
  const me = useMe().data
  const reset = useReset(project)
  const change = useChangeMember(project)
  const [link, setLink] = useState<{ readonly issued: IssuedLink; readonly what: string } | null>(null)
  return (
    <Panel title="People">
      {members.isPending ? <Loading what="the people" /> : null}
      {members.isError ? <Failure error={members.error} onRetry={() => members.refetch()} /> : null}
      <ul className="divide-y divide-line">
        {members.data?.map((member) => (
          <MemberRow
            key={member.userId}
            member={member}
            isMe={member.email === me?.email}
            onReset={() =>
              reset.mutate(member.userId, {
                onSuccess: (issued) => setLink({ issued, what: `Reset link for ${member.name}` }),
              })
            }
            onDisabled={(disabled) => change.mutate({ userId: member.userId, disabled })}
          />
        ))}
      </ul>
      {change.isError ? <Failure error={change.error} /> : null}
      {reset.isError ? <Failure error={reset.error} /> : null}
      <InviteForm
        project={project}
        onIssued={(issued, role) => setLink({ issued, what: `Invitation as ${role}` })}
      />
      {link === null ? null : (
        <OnceShown
          title={link.what}
          value={link.issued.url}
          what="link"
          note={
            <>
              Give it to one person. It works once and ends <Time at={link.issued.expiresAt} style="ago" />.
              Leeway sends no mail.
            </>
          }
        />
      )}
    </Panel>
  )
}

function MemberRow({
  member,
  isMe,
  onReset,
  onDisabled,
}: {
  readonly member: Member
  readonly isMe: boolean
  readonly onReset: () => void
  readonly onDisabled: (disabled: boolean) => void
}) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0">
        <p>
          <bdi className={`font-semibold ${member.disabled ? 'text-ink-2 line-through' : ''}`}>
            {member.name}
          </bdi>
          <span className="text-ink-2">
            , {member.role}
            {isMe ? ', you' : ''}
            {member.disabled ? ', disabled' : ''}
          </span>
        </p>
        <p className="text-12 text-ink-2">
          <bdi>{member.email}</bdi>, since <Time at={member.since} />
        </p>
      </div>
      {isMe ? null : (
        <div className="flex gap-2">
          <Button size="small" onClick={onReset}>
            Reset link
            <span className="sr-only"> for {member.name}</span>
          </Button>
          <Button
            size="small"
            kind={member.disabled ? 'plain' : 'danger'}
            onClick={() => onDisabled(!member.disabled)}
          >
            {member.disabled ? 'Enable' : 'Disable'}
            <span className="sr-only"> {member.name}</span>
          </Button>
        </div>
      )}
    </li>
  )
}

function InviteForm({
  project,
  onIssued,
}: {
  readonly project: string
  readonly onIssued: (issued: IssuedLink, role: string) => void
}) {
  const [role, setRole] = useState<(typeof ROLES)[number][0]>('auditor')
  const invite = useInvite(project)
  return (
    <form
      className="mt-3 flex flex-wrap items-end gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        invite.mutate(role, { onSuccess: (issued) => onIssued(issued, role) })
      }}
    >
      <SelectField
        label="Invite somebody as"
        value={role}
        onChange={(event) => setRole(ROLES.find(([name]) => name === event.target.value)?.[0] ?? 'auditor')}
      >
        {ROLES.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </SelectField>
      <Button type="submit" kind="primary" disabled={invite.isPending}>
        Make a link
      </Button>
      {invite.isError ? <Failure error={invite.error} /> : null}
    </form>
  )
}
