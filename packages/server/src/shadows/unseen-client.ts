import type { ChatClient } from '../gateway/chat-client.ts'

/** Nobody: an answer that no client may see goes nowhere. `gone` ends the wait for it. */
export function unseenClient(gone: AbortSignal): ChatClient {
  return {
    pass: async () => {},
    finish: () => {},
    relay: () => {},
    refuse: () => {},
    setHeaders: () => {},
    tell: () => {},
    isGone: () => gone.aborted,
    onGone(listener) {
      const heard = () => listener(new Error('nobody waits for it any more'))
      if (gone.aborted) heard()
      else gone.addEventListener('abort', heard)
      return () => gone.removeEventListener('abort', heard)
    },
    gone: () => gone,
  }
}
