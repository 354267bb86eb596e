import type { Command } from 'commander'
import { registerEpisodeErase } from './erase.ts'
import { registerEpisodeImport } from './import.ts'
import { registerEpisodeList } from './list.ts'
import { registerEpisodePlant } from './plant.ts'
import { registerEpisodeShow } from './show.ts'

export function registerEpisode(program: Command): void {
  const episode = program.command('episode').description('recorded runs of an agent')
  registerEpisodeImport(episode)
  registerEpisodeList(episode)
  registerEpisodeShow(episode)
  registerEpisodePlant(episode)
  registerEpisodeErase(episode)
}
