// How a release page tells that a candidate was rolled back, by evidence or by hand, or that all are halted.
/** @typedef {import('./scenes.mjs').Scene} Scene */

/**
 * @param {import('./gateway-project.mjs').Behind} traffic
 * @param {import('./gateway-project.mjs').Behind} halted
 * @returns {Scene[]}
 */
export function rollbackScenes(traffic, halted) {
  const ended = 'section[aria-label="Rollback"]'
  return [
    {
      name: 'rollback-by-hand',
      path: `${traffic.path}/releases/${traffic.releases.returns}`,
      ready: ended,
    },
    {
      name: 'rollback-by-evidence',
      path: `${traffic.path}/releases/${traffic.releases.shipping}`,
      ready: `${ended} ~ section`,
    },
    {
      name: 'rollback-in-reach',
      path: `${traffic.path}/releases/${traffic.releases.desk}`,
      ready: 'button:has-text("Halt all candidates")',
    },
    {
      name: 'release-halted',
      path: `${halted.path}/releases/${halted.releases.desk}`,
      ready: 'div[role="alert"]',
    },
    { name: 'gateway-halted', path: `${halted.path}/gateway`, ready: 'div[role="alert"]' },
  ]
}
