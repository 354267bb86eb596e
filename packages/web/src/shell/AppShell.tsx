import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { DropdownMenu } from 'radix-ui'
import { useEffect, useMemo, useState } from 'react'
import { useMe, useSignOut } from '../accounts/queries.ts'
import { useActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Button } from '../design/Button.tsx'
import { useHolds } from '../holds/queries.ts'
import { nextTheme, setTheme, useTheme } from '../theme/theme.ts'
import { CommandPalette } from './CommandPalette.tsx'
import { rememberProject } from './last-project.ts'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'

const PLACES = [
  { to: '/p/$project', title: 'Overview', key: 'o' },
  { to: '/p/$project/episodes', title: 'Episodes', key: 'e' },
  { to: '/p/$project/inbox', title: 'Inbox', key: 'b' },
  { to: '/p/$project/holds', title: 'Held calls', key: 'h', adminOnly: true },
  { to: '/p/$project/gateway', title: 'Gateway', key: 'g' },
  { to: '/p/$project/rubrics', title: 'Rubrics', key: 'u' },
  { to: '/p/$project/raters', title: 'Raters', key: 'r' },
  { to: '/p/$project/debates', title: 'Debates', key: 'd' },
  { to: '/p/$project/studies', title: 'Studies', key: 's' },
  { to: '/p/$project/ledger', title: 'Ledger', key: 'l' },
  { to: '/p/$project/import', title: 'Import', key: 'i' },
  { to: '/p/$project/people', title: 'People', key: 'p', adminOnly: true },
  // Set up once: reached by its key, and from the pages of people and of the gateway.
  { to: '/p/$project/webhooks', title: 'Webhooks', key: 'k', adminOnly: true, isQuiet: true },
] as const

/** Raters are shown nothing that could tell them which policy acted, or what others answered. */
const RATER_PLACES: ReadonlySet<string> = new Set(['Inbox', 'Episodes'])

/** The frame around every page of a project. */
export function AppShell() {
  const { project } = useParams({ from: '/p/$project' })
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [sheetOpen, setSheetOpen] = useState(false)
  const membership = useMe().data?.projects.find((own) => own.slug === project)
  const isAdmin = membership?.role === 'admin'
  const held = useHolds(project, isAdmin, false).data?.open.length ?? 0
  useEffect(() => rememberProject(project), [project])
  const role = membership?.role
  const places = useMemo(
    () =>
      role === 'rater'
        ? PLACES.filter((place) => RATER_PLACES.has(place.title))
        : PLACES.filter((place) => !('adminOnly' in place) || isAdmin),
    [role, isAdmin],
  )
  useShellActions(project, places, role !== 'rater', setPaletteOpen, setSheetOpen)
  return (
    <>
      <a
        href="#main"
        className="absolute -top-20 left-4 z-50 rounded-md bg-accent px-4 py-2 text-on-accent focus:top-3"
      >
        Skip to the content
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-[86rem] flex-wrap items-center gap-x-4 px-4 sm:px-6">
          <Link
            to="/p/$project"
            params={{ project }}
            className="flex items-center gap-2 py-3 text-16 font-semibold tracking-tight"
          >
            <Wordmark />
            Leeway
            <span className="truncate text-12 font-normal tracking-normal text-ink-2 max-w-28" dir="auto">
              {membership?.name}
            </span>
          </Link>
          <nav aria-label="Main" className="order-last w-full sm:order-none sm:w-auto">
            <ul className="-mx-1.5 flex flex-wrap gap-x-1 pb-1 sm:pb-0">
              {places
                .filter((place) => !('isQuiet' in place))
                .map((place) => (
                  <li key={place.to}>
                    <Link
                      to={place.to}
                      params={{ project }}
                      activeOptions={{ exact: place.to === '/p/$project' }}
                      className="block border-b-2 border-transparent px-1.5 py-2 text-14 text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:py-3"
                    >
                      {place.title}
                      {place.to === '/p/$project/holds' && held > 0 ? (
                        <span className="figures ms-1.5 rounded-full bg-hold-wash px-1.5 text-12 font-semibold text-hold">
                          {held}
                          <span className="sr-only"> waiting</span>
                        </span>
                      ) : null}
                    </Link>
                  </li>
                ))}
            </ul>
          </nav>
          <div className="ms-auto flex items-center gap-1">
            <Button kind="quiet" onClick={() => setPaletteOpen(true)} aria-keyshortcuts="Control+K">
              <svg
                aria-hidden="true"
                width="14"
                height="14"
                viewBox="0 0 14 14"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.6"
              >
                <circle cx="6" cy="6" r="4.2" />
                <path d="m9.2 9.2 3.6 3.6" strokeLinecap="round" />
              </svg>
              <span className="max-md:sr-only">Go or do</span>
            </Button>
            <ThemeToggle />
            <PersonMenu project={project} onKeys={() => setSheetOpen(true)} />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto max-w-[86rem] px-4 py-6 sm:px-6 sm:py-8">
        <Outlet />
      </main>
      <CommandPalette open={paletteOpen} onOpenChange={setPaletteOpen} />
      <ShortcutSheet open={sheetOpen} onOpenChange={setSheetOpen} />
    </>
  )
}

function PersonMenu({ project, onKeys }: { readonly project: string; readonly onKeys: () => void }) {
  const me = useMe().data
  const signOut = useSignOut()
  const navigate = useNavigate()
  if (me === undefined) return null
  const item =
    'flex w-full cursor-pointer rounded-md px-3 py-1.5 text-14 outline-none data-highlighted:bg-accent-wash'
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button kind="quiet" className="px-1.5">
          <span className="sr-only">You: {me.name}</span>
          <span
            aria-hidden="true"
            className="grid size-6 place-items-center rounded-full bg-accent-wash text-12 font-semibold text-accent"
          >
            {initialsOf(me.name)}
          </span>
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 w-64 rounded-lg border border-line bg-raised p-1.5 shadow-float"
        >
          <DropdownMenu.Label className="px-3 py-2">
            <div className="font-semibold" dir="auto">
              {me.name}
            </div>
            <div className="text-12 text-ink-2" dir="auto">
              {me.email}
            </div>
          </DropdownMenu.Label>
          {me.projects.length < 2 ? null : (
            <>
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
              {me.projects.map((own) => (
                <DropdownMenu.Item
                  key={own.slug}
                  className={item}
                  onSelect={() => navigate({ to: '/p/$project', params: { project: own.slug } })}
                >
                  <span dir="auto">{own.name}</span>
                  {own.slug === project ? <span className="ms-auto text-12 text-ink-2">this one</span> : null}
                </DropdownMenu.Item>
              ))}
            </>
          )}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={item} onSelect={onKeys}>
            Keys
            <kbd className="ms-auto font-mono text-12 text-ink-2">?</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={item} onSelect={() => signOut.mutate()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function useShellActions(
  project: string,
  places: readonly (typeof PLACES)[number][],
  seesReleases: boolean,
  setPaletteOpen: (open: boolean) => void,
  setSheetOpen: (open: boolean) => void,
): void {
  const navigate = useNavigate()
  const theme = useTheme()
  const actions = useMemo<readonly Action[]>(
    () => [
      ...places.map((place) => ({
        id: `go-${place.key}`,
        title: `Go to ${place.title}`,
        group: 'Go to' as const,
        keys: ['g', place.key],
        perform: () => {
          navigate({ to: place.to, params: { project } })
        },
      })),
      {
        id: 'review',
        title: 'Answer questions',
        group: 'Go to' as const,
        keys: ['g', 'q'],
        perform: () => {
          navigate({ to: '/p/$project/review', params: { project }, search: {} })
        },
      },
      {
        id: 'compare',
        title: 'Compare two runs',
        group: 'Go to' as const,
        keys: ['g', 'c'],
        perform: () => {
          navigate({ to: '/p/$project/compare', params: { project } })
        },
      },
      ...(seesReleases
        ? [
            {
              id: 'incidents',
              title: 'Go to Incidents',
              group: 'Go to' as const,
              keys: ['g', 'x'],
              perform: () => {
                navigate({ to: '/p/$project/incidents', params: { project }, search: {} })
              },
            },
            {
              id: 'comparisons',
              title: 'Go to Comparisons',
              group: 'Go to' as const,
              keys: ['g', 'w'],
              perform: () => {
                navigate({ to: '/p/$project/comparisons', params: { project } })
              },
            },
            {
              id: 'new-release',
              title: 'Start a release',
              group: 'Go to' as const,
              keys: ['g', 'n'],
              perform: () => {
                navigate({ to: '/p/$project/releases/new', params: { project } })
              },
            },
          ]
        : []),
      {
        id: 'theme',
        title: `Colours: change to ${nextTheme(theme) === 'system' ? 'what the system says' : nextTheme(theme)}`,
        group: 'Everywhere',
        keys: ['t'],
        perform: () => setTheme(nextTheme(theme)),
      },
      {
        id: 'palette',
        title: 'Go or do…',
        group: 'Everywhere',
        keys: ['.'],
        perform: () => setPaletteOpen(true),
      },
      {
        id: 'keys',
        title: 'Show the keys',
        group: 'Everywhere',
        keys: ['?'],
        perform: () => setSheetOpen(true),
      },
    ],
    [project, places, seesReleases, theme, navigate, setPaletteOpen, setSheetOpen],
  )
  useActions('shell', actions)
  useControlK(setPaletteOpen)
}

/** Control K (or Command K) opens the palette, also from inside a field. */
function useControlK(open: (open: boolean) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey
      )
        return
      event.preventDefault()
      open(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [open])
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  )
  return letters.join('').toUpperCase() || '?'
}

function Wordmark() {
  return (
    <svg aria-hidden="true" width="22" height="22" viewBox="0 0 32 32" className="text-accent">
      <rect width="32" height="32" rx="7" fill="currentColor" />
      <g stroke="var(--color-surface)" strokeWidth="2.4" strokeLinecap="round">
        <path d="M10 6v20M22 6v20M10 11h12M10 17h12M10 23h12" fill="none" />
      </g>
    </svg>
  )
}
