import type { Step } from '../episodes/episode.ts'

/** What a step says, as text: content that is text, or the text of a message's parts; '' for anything else. */
export function saidText({ content }: Pick<Step, 'content'>): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part) =>
      part !== null && typeof part === 'object' && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('')
}
