import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SETTINGS, type Setting } from './setting-table.ts'

const guide = readFileSync(new URL('../../../../docs/guide/operate.md', import.meta.url), 'utf8')

test.each(Object.entries<Setting<unknown>>(SETTINGS))(
  '%s stands in docs/guide/operate.md as it is',
  (name, setting) => {
    const cell = (text: string | undefined) => (text === undefined ? ' ' : ` \`${text}\` `)
    const fallback = setting.default === undefined ? undefined : String(setting.default)
    expect(guide).toContain(
      `| \`${name}\` |${cell(setting.flag)}|${cell(setting.env)}|${cell(setting.fileKey)}|${cell(fallback)}|`,
    )
  },
)
