/** The key that does the same, beside what it does; not where there is no keyboard. */
export function Key({ children }: { readonly children: string }) {
  return (
    <kbd className="hidden rounded-sm border border-current/40 px-1.5 font-mono text-12 font-normal opacity-80 md:inline">
      {children}
    </kbd>
  )
}
