import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { connectSource } from '../../src/sources/connect.ts'
import { netnsCommands } from '../../src/sources/netns.ts'
import { type Commands } from '../../src/sources/node.ts'
import { type Machine } from '../../src/sources/reach.ts'

export const node = '11111111-2222-3333-4444-555555555555'
export const other = '99999999-2222-3333-4444-555555555555'
export const alloc = 'aaaaaaaa-2222-3333-4444-555555555555'
export const reply = (body: string, status = 0, stderr = ''): Reply => ({ at: '', ms: 0, status, body, stderr })
export const refuseAll: Ask = () => Promise.resolve(reply('', -1, 'connect ECONNREFUSED'))
export const api =
  (paths: Readonly<Record<string, unknown>>): Ask =>
  async (request) => {
    const found = 'path' in request ? paths[request.path] : undefined
    return found === undefined ? reply('not found', 404) : reply(JSON.stringify(found), 200)
  }
export const yes = () => true
export const no = () => false

/** Commands answered from a table; remembers what ran. */
export function scripted(table: Readonly<Record<string, Reply>>): Commands & { ran: string[] } {
  const ran: string[] = []
  return {
    ran,
    run: async (_, argv) => {
      ran.push(argv.join(' '))
      return table[argv.join(' ')] ?? reply('', 127, `${argv[0]}: command not found`)
    },
  }
}
export const at =
  (where: boolean): ((id: string) => Promise<Machine>) =>
  async (id) => ({ id, name: 'c1', address: '10.0.0.1', here: where })
export const container = (mode: string, key = '/var/run/docker/netns/abc') =>
  reply(JSON.stringify([{ HostConfig: { NetworkMode: mode }, NetworkSettings: { SandboxKey: key } }]))
export const dial = (on: Commands, request: Request, consent = yes) =>
  connectSource(on, netnsCommands(on), consent)(request)

export const stub = (NodeID: string, IP: string) => ({
  NodeID,
  NodeName: 'c7',
  AllocatedResources: { Shared: { Networks: [{ IP: '127.0.0.1' }, { IP }] } },
})
