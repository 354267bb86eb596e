import type { ImportQuery } from '@leeway/contract/episodes'

/** Address of an upload: the file is the body, so everything about it is in the query. */
export function uploadPath(project: string, what: 'import' | 'import/preview', query: ImportQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, value)
  }
  return `/api/projects/${encodeURIComponent(project)}/episodes/${what}?${search}`
}
