import type { Command } from 'commander'
import { registerRatingExport } from './export.ts'
import { registerRatingImport } from './import.ts'

export function registerRating(program: Command): void {
  const rating = program.command('rating').description('answers to the questions of a rubric')
  registerRatingImport(rating)
  registerRatingExport(rating)
}
