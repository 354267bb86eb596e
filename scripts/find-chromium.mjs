import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export const howToGetChromium =
  'The browser tests need Chromium, and none was found: `apt-get install chromium`, or set CHROMIUM_PATH.'

/**
 * Where the system's Chromium is: CHROMIUM_PATH, then /usr/bin, then PATH.
 *
 * @returns {string | undefined}
 */
export function findChromium(environment = process.env) {
  const folders = ['/usr/bin', ...(environment.PATH ?? '').split(delimiter).filter(Boolean)]
  const given = environment.CHROMIUM_PATH
  const places = given ? [given] : names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return places.find(canRun)
}

/** @param {string} file */
function canRun(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
