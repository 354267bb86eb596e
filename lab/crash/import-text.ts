/** Episodes sent as text, and what the server acknowledged of them. */
import type { Client } from '@leeway/contract/client'
import { ImportEvent } from '@leeway/contract/episodes'

export type ImportTarget = { readonly agent: string; readonly policy: string }

/** The answer ended before its summary. */
export class BrokenImport extends Error {
  constructor() {
    super('an import ended without its summary')
    this.name = 'BrokenImport'
  }
}

/** `progress` is told how many episodes the server has acknowledged as stored. */
export async function importText(
  client: Client,
  { agent, policy }: ImportTarget,
  text: string,
  progress: (added: number) => void = () => {},
): Promise<{ readonly added: number; readonly known: number }> {
  const response = await client.send(
    `/api/projects/default/episodes/import?agent=${agent}&policy=${policy}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: text,
    },
  )
  if (response.body === null) throw new BrokenImport()
  let rest = ''
  let end: { added: number; known: number } | null = null
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = ImportEvent.parse(JSON.parse(line))
      if (event.kind === 'progress') progress(event.added)
      if (event.kind === 'summary') end = event
    }
  }
  if (end === null) throw new BrokenImport()
  progress(end.added)
  return end
}

/** One successful or failed task. */
export function episodeLine(taskKey: string, success: boolean): string {
  return JSON.stringify({
    taskKey,
    instructions: 'Help with an order.',
    steps: [
      { kind: 'user', content: `About ${taskKey}` },
      { kind: 'assistant', content: 'Done.' },
    ],
    outcome: { success: success ? 1 : 0 },
  })
}
