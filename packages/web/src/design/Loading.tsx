/** Grey bars where the content will be. Announced once, never a spinner. */
export function Loading({ what, rows = 3 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div role="status" className="space-y-3 py-2">
      <span className="sr-only">Loading {what}…</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          key={row}
          aria-hidden="true"
          className="h-4 rounded-sm bg-sunken"
          style={{ width: `${90 - ((row * 23) % 40)}%` }}
        />
      ))}
    </div>
  )
}
