/** Where somebody lands: where they were last, else in the demo, else in their first project. */

const STORAGE_KEY = 'leeway.project'

/** The project every demo server makes. */
const DEMO_SLUG = 'demo'

export function chooseProject<Project extends { readonly slug: string }>(
  projects: readonly Project[],
): Project | undefined {
  const last = readLast()
  return (
    projects.find((project) => project.slug === last) ??
    projects.find((project) => project.slug === DEMO_SLUG) ??
    projects[0]
  )
}

export function rememberProject(slug: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, slug)
  } catch {
    // Without storage people land in the demo or their first project.
  }
}

function readLast(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}
