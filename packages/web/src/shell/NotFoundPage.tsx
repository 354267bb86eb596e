import { Link } from '@tanstack/react-router'

export function NotFoundPage() {
  return (
    <div className="mx-auto max-w-xl px-4 py-16">
      <h1 className="text-28">Nothing lives at this address</h1>
      <p className="mt-2 text-ink-2">
        The link may be cut short, or what it pointed at may have been erased.{' '}
        <Link to="/" className="link">
          Go to the overview
        </Link>
      </p>
    </div>
  )
}
