/** How commands print: JSON for programs, tables and sentences for people. Only stdout holds results. */
import Table from 'cli-table3'

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`)
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({ head: [...head], style: { head: [], border: [] }, chars: BORDERLESS })
  for (const row of rows) table.push([...row])
  printLine(table.toString())
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/**
 * Text from episodes and files is hostile: control characters could move the cursor or hide what follows, so they
 * are shown as escapes. Line breaks stay when `multiline`.
 */
export function plainText(text: string, options: { readonly multiline?: boolean } = {}): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are exactly what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    options.multiline && (character === '\n' || character === '\t')
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
