/** Sections of lab/RESULTS.md: one a study, with its title, what it says of itself, and the run that its table comes from. */
import { type About, aboutLines, titleOf } from './study.ts'

/** The study's own section is replaced and comes last; all others stay as they are. */
export function withResult(results: string, name: string, about: About, run: string): string {
  const { head, sections } = sectionsOf(results)
  const others = sections.filter((section) => nameOf(section) !== name)
  return joined([head, ...others, sectionOf(name, about, run)])
}

/** Titles and descriptions as the studies give them now; of every run as it was recorded. */
export function withDescriptions(results: string, aboutOf: (name: string) => About | undefined): string {
  const { head, sections } = sectionsOf(results)
  return joined([
    head,
    ...sections.map((section) => {
      const name = nameOf(section)
      const about = aboutOf(name)
      return about === undefined ? section : sectionOf(name, about, runOf(section))
    }),
  ])
}

/** Names of the studies that have a section. */
export function recordedStudies(results: string): readonly string[] {
  return sectionsOf(results).sections.map(nameOf)
}

function sectionsOf(results: string): { readonly head: string; readonly sections: readonly string[] } {
  const [head = '', ...sections] = results.split(/^(?=## )/m)
  return { head, sections }
}

function nameOf(section: string): string {
  return /^## (\S+)/.exec(section)?.[1] ?? ''
}

/** From the line that says when and where it was run. */
function runOf(section: string): string {
  return section.slice(section.search(/^\d{4}-\d\d-\d\d, /m))
}

function sectionOf(name: string, about: About, run: string): string {
  return `## ${titleOf(name, about)}\n\n${aboutLines(about)}\n\n${run}`
}

function joined(parts: readonly string[]): string {
  return parts.map((text) => `${text.trimEnd()}\n`).join('\n')
}
