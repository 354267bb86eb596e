import { useEffect } from 'react'

/** Names the browser tab: what is on the page first, the product last. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Leeway`
  }, [title])
}
