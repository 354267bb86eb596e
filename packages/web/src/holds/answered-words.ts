import type { HoldSummary } from '@leeway/contract/holds'

type Answer = NonNullable<HoldSummary['answer']>

/** "Ada approved it; it was carried out." */
export function answeredWords({
  kind,
  actorName,
  used,
}: Pick<Answer, 'kind' | 'actorName' | 'used'>): string {
  switch (kind) {
    case 'approved':
      return `${actorName} approved it; ${used ? 'it was carried out' : 'it was not carried out so far'}.`
    case 'edited':
      return `${actorName} changed it; ${used ? 'it was carried out as changed' : 'it was not carried out so far'}.`
    case 'denied':
      return `${actorName} denied it; nothing was carried out.`
    case 'stopped':
      return `${actorName} stopped the conversation; nothing was carried out.`
  }
}
