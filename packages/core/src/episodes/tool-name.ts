/** Whether a pattern means a tool: its name, or its beginning where the pattern ends in `*`. */
export function isNamedTool(pattern: string, tool: string): boolean {
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : pattern === tool
}
