const leastNode = { major: 20, minor: 19 }

/**
 * One clear line for a Node that is too old. Called before anything else is loaded, because the rest may not
 * even parse there.
 *
 * @returns {string | undefined}
 */
export function complaintAboutNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const enough = major > leastNode.major || (major === leastNode.major && minor >= leastNode.minor)
  if (enough) return undefined
  return `Leeway needs Node ${leastNode.major}.${leastNode.minor} or newer; this is ${version}. Get one from https://nodejs.org.`
}
