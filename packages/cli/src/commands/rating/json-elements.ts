/** The elements of a JSON array, or the objects of JSON Lines, each with the line it starts at. */
import { fault } from '../../records/record-file.ts'

export type JsonElement = { readonly line: number; readonly value: unknown }

/** Throws CommandError with file and line. */
export function jsonElements(path: string, text: string): readonly JsonElement[] {
  const pieces = text.trimStart().startsWith('[') ? arrayPieces(text) : linePieces(text)
  return pieces.map(({ line, text: piece }) => {
    try {
      return { line, value: JSON.parse(piece) as unknown }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw fault({ path }, line, `what begins here is no JSON: ${reason}`, 'export the file again')
    }
  })
}

type Piece = { readonly line: number; readonly text: string }

function linePieces(text: string): readonly Piece[] {
  return text
    .split('\n')
    .map((row, at) => ({ line: at + 1, text: row }))
    .filter((piece) => piece.text.trim() !== '')
}

/** Cuts at the commas of the outermost array; whether a piece is JSON its parser says. */
function arrayPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let depth = 0
  let line = 1
  let start = -1
  let startLine = 1
  let inString = false
  const close = (end: number) => {
    if (start >= 0) pieces.push({ line: startLine, text: text.slice(start, end) })
    start = -1
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '\n') line += 1
    if (depth === 1 && start < 0 && !/[\s,\]]/.test(character)) {
      start = at
      startLine = line
    }
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') {
      depth -= 1
      if (depth === 0) close(at)
    } else if (character === ',' && depth === 1) close(at)
  }
  close(text.length)
  return pieces
}
