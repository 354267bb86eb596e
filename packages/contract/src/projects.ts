/** Projects: the walls between one team's episodes and another's. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PageQuery, pageOf } from './page.ts'

/** What a person may do in a project. */
export const ROLE_NAMES = ['admin', 'rater', 'auditor'] as const
export const RoleName = z.enum(ROLE_NAMES)
export type RoleName = z.infer<typeof RoleName>

export const ProjectSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected 1 to 63 of a-z, 0-9 and -, not starting with -')

export const Project = z.object({
  slug: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** Role of the person who asks; null for keys and for the operator of the server. */
  role: RoleName.nullable(),
})
export type Project = z.infer<typeof Project>

export const ProjectPage = pageOf(Project)
export const CreateProject = z.object({ slug: ProjectSlug, name: z.string().trim().min(1).max(200) })
export const RenameProject = z.object({ name: z.string().trim().min(1).max(200) })

export const listProjects = endpoint({
  method: 'GET',
  path: '/api/projects',
  query: PageQuery,
  response: ProjectPage,
})
export const createProject = endpoint({
  method: 'POST',
  path: '/api/projects',
  body: CreateProject,
  response: Project,
})
export const showProject = endpoint({ method: 'GET', path: '/api/projects/{project}', response: Project })
export const renameProject = endpoint({
  method: 'PATCH',
  path: '/api/projects/{project}',
  body: RenameProject,
  response: Project,
})
