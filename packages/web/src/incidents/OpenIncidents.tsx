import { Link } from '@tanstack/react-router'
import { formatCountOf } from '../numbers/format-number.ts'
import { useIncidents } from './queries.ts'

/** How many incidents are open, where any is. */
export function OpenIncidents({ project }: { readonly project: string }) {
  const open = useIncidents(project, { state: 'open' })
  const [page] = open.data?.pages ?? []
  const count = page?.items.length ?? 0
  if (page === undefined || count === 0) return null
  return (
    <p className="mb-4 text-14">
      <Link to="/p/$project/incidents" params={{ project }} search={{ state: 'open' }} className="link">
        {page.nextCursor === null ? '' : 'More than '}
        {formatCountOf(count, 'incident')} {count === 1 && page.nextCursor === null ? 'is' : 'are'} open
      </Link>
    </p>
  )
}
