import type { EpisodeFilter } from './queries.ts'

/** The filter in the page's address: unknown fields and values are dropped, so that any link opens. */
export function readEpisodeFilter(search: Record<string, unknown>): EpisodeFilter {
  const text = (name: string, max: number) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? { [name]: value.slice(0, max) } : {}
  }
  const { success } = search
  return {
    ...text('agent', 200),
    ...text('policy', 200),
    ...text('task', 1000),
    ...text('text', 200),
    ...(success === 'yes' || success === 'no' || success === 'unknown' ? { success } : {}),
  }
}
