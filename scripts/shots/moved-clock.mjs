// Loaded into the server before anything else (`node --import`): a wall clock that goes as far beside the machine's as it is told to.
const RealDate = Date
let offsetMs = Number(process.env.SHOTS_CLOCK_MS)
const now = () => RealDate.now() + offsetMs
globalThis.Date = new Proxy(RealDate, {
  construct: (date, given, asked) => Reflect.construct(date, given.length === 0 ? [now()] : given, asked),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
})
process.on('message', ({ clockMs }) => {
  offsetMs = clockMs
  process.send?.({ clockMs })
})
process.channel?.unref()
