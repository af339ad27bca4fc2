import { networkInterfaces } from 'node:os'
import type { Ask, Reply } from '../ask/request.ts'
import { connectSource } from './connect.ts'
import { nobodyAgreed, type Consent } from './consent.ts'
import { besideClient } from './consul-beside.ts'
import { consulSource } from './consul.ts'
import type { Endpoint } from './endpoint.ts'
import { fileSource } from './file.ts'
import type { HttpOptions } from './http.ts'
import { netnsCommands, netnsSource } from './netns.ts'
import { commands, nodeSource } from './node.ts'
import { nomadSource } from './nomad.ts'
import { machines } from './reach.ts'
import { refused, sayError } from './reply.ts'
import { ssh } from './ssh.ts'
import { taskSource } from './task.ts'

export interface LiveOptions {
  readonly nomad: Endpoint
  /** Null: there is no Consul to ask. */
  readonly consul: Endpoint | null
  /** Template of the ssh destination, `user@{address}`; undefined: no ssh. */
  readonly ssh?: string | undefined
  readonly sudo: boolean
  /** Milliseconds for one command on a client; the usual ones when left out. */
  readonly patience?: number | undefined
  readonly consent?: Consent | undefined
  readonly http?: HttpOptions | undefined
}

export interface Live {
  readonly ask: Ask
  /** Ends all connections. */
  readonly close: () => Promise<void>
}

const local = 'http://127.0.0.1:4646'

/** Whether an address can only be this machine's. */
function isHere({ origin, socketPath }: Endpoint): boolean {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  if (socketPath !== undefined || /^(localhost|127\..*|::1)$/.test(host)) return true
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host))
}

/** The world as it is now: each request goes to the source of its `via`. */
export function liveSource(options: LiveOptions): Live {
  const { consent = nobodyAgreed } = options
  const nomad = nomadSource(options.nomad, options.http)
  const scheme = options.nomad.origin.startsWith('https') ? 'https' : 'http'
  const beside = nomadSource(
    { ...options.nomad, origin: local.replace('http', scheme), socketPath: undefined },
    options.http,
  )
  const machine = machines(nomad.ask, isHere(options.nomad) ? [nomad.ask, beside.ask] : [beside.ask])
  const shell = options.ssh === undefined ? null : ssh(options.ssh, { patience: options.patience })
  const on = commands({ machine, ssh: shell, sudo: options.sudo, patience: options.patience })
  const inside = netnsCommands(on)
  const api = options.consul && consulSource(options.consul, on, options.http)
  const consul = api && options.consul?.assumed && shell ? besideClient(api, nomad.ask) : api
  const node = nodeSource(on, consent)
  const netns = netnsSource(on, inside, consent)
  const connect = connectSource(on, inside, consent)
  const task = taskSource(nomad, options.nomad, consent)

  const answer = (request: Parameters<Ask>[0]): Promise<Reply> => {
    switch (request.via) {
      case 'nomad':
        return nomad.ask(request)
      case 'consul':
        return consul ? consul.ask(request) : Promise.resolve(refused('not-asked', 'no Consul address is set'))
      case 'node':
        return 'connect' in request ? connect(request) : node(request)
      case 'netns':
        return 'connect' in request ? connect(request) : netns(request)
      case 'task':
        return task(request)
      case 'file':
        return fileSource(request)
    }
  }
  return {
    // A source never rejects: whatever broke is a reply too.
    ask: (request) => answer(request).catch((error: unknown) => refused('failed', sayError(error))),
    async close() {
      await Promise.all([nomad.close(), beside.close(), consul?.close(), shell?.close()])
    },
  }
}
