/** A way to an address that can be cut or shut. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type TcpDoor = {
  readonly url: string
  /** Ends every connection; new ones go through. */
  readonly cut: () => void
  /** For good. */
  readonly shut: () => Promise<void>
}

export async function tcpDoor(to: string): Promise<TcpDoor> {
  const { hostname, port } = new URL(to)
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(end)
      end.on('error', () => other.destroy())
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const cut = () => {
    for (const one of open) one.destroy()
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    shut: () =>
      new Promise((done) => {
        server.close(() => done())
        cut()
      }),
  }
}
