import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Action } from './action.ts'
import { NO_KEYS, pressKey } from './key-sequence.ts'

type Registry = {
  /** Page actions first, then the ones that work everywhere. */
  readonly actions: readonly Action[]
  readonly register: (owner: string, actions: readonly Action[]) => void
  readonly unregister: (owner: string) => void
}

const ActionsContext = createContext<Registry | null>(null)

/** Holds the actions now on the page and listens for their keys. */
export function ActionsProvider({ children }: { readonly children: ReactNode }) {
  const [owned, setOwned] = useState<ReadonlyMap<string, readonly Action[]>>(new Map())
  const register = useCallback((owner: string, actions: readonly Action[]) => {
    setOwned((before) => new Map(before).set(owner, actions))
  }, [])
  const unregister = useCallback((owner: string) => {
    setOwned((before) => {
      const after = new Map(before)
      after.delete(owner)
      return after
    })
  }, [])
  const actions = useMemo(() => {
    const all = [...owned.values()].flat()
    return [
      ...all.filter((action) => action.group === 'This page'),
      ...all.filter((action) => action.group !== 'This page'),
    ]
  }, [owned])
  useShortcuts(actions)
  const registry = useMemo(() => ({ actions, register, unregister }), [actions, register, unregister])
  return <ActionsContext value={registry}>{children}</ActionsContext>
}

/** All actions now on the page. */
export function useAllActions(): readonly Action[] {
  return useRegistry().actions
}

/**
 * Offers actions while the calling component is on the page. Memoise `actions`. Before the page is painted, so that a
 * key pressed as soon as something shows does what it says.
 */
export function useActions(owner: string, actions: readonly Action[]): void {
  const { register, unregister } = useRegistry()
  useLayoutEffect(() => {
    register(owner, actions)
    return () => unregister(owner)
  }, [owner, actions, register, unregister])
}

function useRegistry(): Registry {
  const registry = use(ActionsContext)
  if (registry === null) throw new Error('useActions needs ActionsProvider above it')
  return registry
}

function useShortcuts(actions: readonly Action[]): void {
  const state = useRef(NO_KEYS)
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return
      const pressed = pressKey(state.current, event.key, event.timeStamp, actions)
      state.current = pressed.state
      if (pressed.action === undefined || pressed.action.unavailable !== undefined) return
      event.preventDefault()
      if (event.repeat && pressed.action.isOnce === true) return
      pressed.action.perform()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [actions])
}

/** Keys belong to whoever is being typed into, to open dialogs, and Enter and Space to the focused control. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null
  if (target === null) return false
  if (target.isContentEditable || target.closest('input, textarea, select, [role="menu"]') !== null)
    return true
  if (document.querySelector('dialog[open]') !== null) return true
  const pressesControl = event.key === 'Enter' || event.key === ' '
  return pressesControl && target.closest('a, button, summary, [role="button"]') !== null
}
