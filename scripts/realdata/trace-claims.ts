/** Claims on trace exports: each gives at least one episode with steps, and none of its records is refused. */
import { createReadStream } from 'node:fs'
import { readEpisodes } from '@leeway/server/episodes/read/read-episodes'
import type { Claims } from './claim.ts'
import type { DataFile } from './data-files.ts'

export async function checkTraces(files: readonly DataFile[], claims: Claims): Promise<void> {
  for (const file of files) {
    let episodes = 0
    let steps = 0
    let calls = 0
    const refused: string[] = []
    for await (const read of readEpisodes(createReadStream(file.path), { name: file.name })) {
      if (read.kind === 'problem') refused.push(read.reason)
      else {
        episodes += 1
        steps += read.episode.steps.length
        calls += read.episode.steps.filter(({ kind }) => kind === 'tool_call').length
      }
    }
    claims.hold(
      episodes > 0 && steps > 0 && refused.length === 0,
      `${file.name}: a trace becomes an episode`,
      `${episodes} episode, ${steps} steps, ${calls} tool calls, ${refused.length} refused`,
    )
  }
}
