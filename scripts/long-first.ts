import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that run for most of a minute: real servers, browsers, kills. One of them left for the end would keep a core idle. */
const LONG = [
  /lab\/(gateway-faults|crash)/,
  /supervision\.test|question-forms|demo\/load-demo/,
  /commands\/serve/,
  /web\/e2e/,
  /horizon/,
  /over-optimisation|studies\/power\./,
  /commands\/(judge|rubric|rating|ledger)/,
  /assignments|vetting|critiques|validity/,
]

/** The longest files first; the others as vitest would have them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((pattern) => pattern.test(moduleId))
      return at < 0 ? LONG.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
