import { useAllActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Dialog } from '../design/Dialog.tsx'

const GROUPS = ['This page', 'Go to', 'Everywhere'] as const satisfies readonly Action['group'][]

/** The keys that work on this page. */
export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  const actions = useAllActions().filter((action) => action.keys !== undefined)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys"
      description="They rest while you type in a field. Tab and Shift Tab reach everything."
    >
      <div className="grid gap-5 sm:grid-cols-2">
        {GROUPS.map((group) => {
          const own = actions.filter((action) => action.group === group)
          return own.length === 0 ? null : (
            <section key={group}>
              <h3 className="mb-1 text-12 font-semibold text-ink-2">{group}</h3>
              <ul className="divide-y divide-line">
                {own.map((action) => (
                  <li key={action.id} className="flex items-baseline justify-between gap-3 py-1.5">
                    <span dir="auto">{action.title}</span>
                    <span className="flex shrink-0 gap-1">
                      {action.keys?.map((key, index) => (
                        <kbd
                          // biome-ignore lint/suspicious/noArrayIndexKey: the same key may come twice
                          key={index}
                          className="rounded-sm border border-line-strong px-1.5 font-mono text-12"
                        >
                          {key}
                        </kbd>
                      ))}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}
