/** The dry run of redaction: what the rules would remove from a file. Writes nothing. */
import type { RedactionPreview, RedactionRules } from '@leeway/contract/episodes'
import { requireRedactor } from './episode-rules.ts'
import { readEpisodes } from './read/read-episodes.ts'

/** Examples shown for each rule. */
const EXAMPLES_MAX = 5
/** Episodes looked at; a longer file is told by `partial`. */
export const PREVIEW_EPISODES_MAX = 2_000

/** Throws AppError when a rule cannot be used. Episodes on which the rules are too slow count as refused. */
export async function previewRedaction(
  projectId: string,
  rules: RedactionRules,
  file: { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> },
): Promise<RedactionPreview> {
  const redactor = requireRedactor(rules, projectId)
  const found = rules.map((rule) => ({
    label: rule.label,
    kind: rule.kind,
    rule: rule.kind === 'field' ? rule.path : rule.pattern,
    removed: 0,
    episodes: 0,
    examples: [] as RedactionPreview['rules'][number]['examples'],
  }))
  let episodes = 0
  let refused = 0
  let partial = false
  for await (const read of readEpisodes(file.bytes, { name: file.name })) {
    if (read.kind === 'problem') {
      refused += 1
      continue
    }
    if (episodes >= PREVIEW_EPISODES_MAX) {
      partial = true
      break
    }
    const redacted = redactor.redact(read.episode, ({ rule, path, found: text }) => {
      const { examples } = found[rule]!
      if (examples.length < EXAMPLES_MAX)
        examples.push({ episode: read.index ?? episodes, path, masked: mask(text) })
    })
    episodes += 1
    if (redacted === 'tooSlow') {
      refused += 1
      continue
    }
    for (const [rule, count] of redacted.removed.entries()) {
      found[rule]!.removed += count
      if (count > 0) found[rule]!.episodes += 1
    }
  }
  return { episodes, refused, partial, rules: found }
}

/** Enough to recognise what it was, not enough to read it. */
function mask(text: string): string {
  const characters = [...text.slice(0, 200)]
  const first = characters.length > 3 && !/\p{Cc}/u.test(characters[0]!) ? characters[0]! : ''
  return `${first}… (${text.length} characters)`
}
