/** What is passed on as it is, without a decision. Closed: what is not named here, is no list and is not decided about is not passed on. */
export const PASSED_REQUESTS: ReadonlySet<string> = new Set(['ping', 'logging/setLevel'])
export const PASSED_TO_SERVER: ReadonlySet<string> = new Set([
  'notifications/initialized',
  'notifications/roots/list_changed',
])
export const PASSED_TO_CLIENT: ReadonlySet<string> = new Set([
  'notifications/message',
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/prompts/list_changed',
])
