/** A call of the gateway for a shell. A name may hold anything, so it is quoted twice: as JSON, and for the shell. */
export function callText(baseUrl: string, key: string, agent: string): string {
  const body = JSON.stringify({ model: agent, messages: [{ role: 'user', content: 'Hello' }] })
  return [
    `curl ${baseUrl}/chat/completions \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join('\n')
}
