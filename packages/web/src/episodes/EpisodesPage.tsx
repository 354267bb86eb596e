import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { EpisodeFilters } from './EpisodeFilters.tsx'
import { EpisodeList } from './EpisodeList.tsx'
import { type EpisodeFilter, useEpisodes } from './queries.ts'

/** Every recorded episode, newest first, filtered by what the address says. */
export function EpisodesPage() {
  const { project } = useParams({ from: '/p/$project/episodes' })
  const filter = useSearch({ from: '/p/$project/episodes' })
  const navigate = useNavigate()
  const episodes = useEpisodes(project, filter)
  usePageTitle('Episodes')
  const setFilter = (change: EpisodeFilter) => {
    navigate({ to: '/p/$project/episodes', params: { project }, search: change, replace: true })
  }
  const items = episodes.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Object.keys(filter).length > 0
  return (
    <>
      <h1 className="mb-4 text-28">Episodes</h1>
      <EpisodeFilters project={project} filter={filter} onChange={setFilter} />
      {episodes.isPending ? <Loading what="the episodes" rows={8} /> : null}
      {episodes.isError ? <Failure error={episodes.error} onRetry={() => episodes.refetch()} /> : null}
      {episodes.isSuccess && items.length === 0 ? (
        isFiltered ? (
          <Empty title="No episode is like that">
            <button type="button" className="link" onClick={() => setFilter({})}>
              Clear the filters
            </button>{' '}
            to see all of them.
          </Empty>
        ) : (
          <Empty
            title="Recorded episodes will be listed here"
            command="npx leeway episode import runs.jsonl --agent my-agent --policy v1"
          >
            An episode is one run of an agent on one task.{' '}
            <Link to="/p/$project/import" params={{ project }} className="link">
              Import a file here
            </Link>{' '}
            or from the command line.
          </Empty>
        )
      ) : null}
      {items.length > 0 ? (
        <EpisodeList
          project={project}
          items={items}
          hasMore={episodes.hasNextPage}
          isLoadingMore={episodes.isFetchingNextPage}
          onMore={() => episodes.fetchNextPage()}
        />
      ) : null}
    </>
  )
}
