import { Link, useParams } from '@tanstack/react-router'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ApiKeysPanel } from './ApiKeysPanel.tsx'
import { MembersPanel } from './MembersPanel.tsx'

/** Who may do what in this project: people, and the keys of programs. */
export function PeoplePage() {
  const { project } = useParams({ from: '/p/$project/people' })
  usePageTitle('People')
  return (
    <div className="max-w-4xl space-y-6">
      <h1 className="text-28">People and keys</h1>
      <MembersPanel project={project} />
      <ApiKeysPanel project={project} />
      <p>
        Who is told of what happens:{' '}
        <Link to="/p/$project/webhooks" params={{ project }} className="link">
          webhooks
        </Link>
        .
      </p>
    </div>
  )
}
