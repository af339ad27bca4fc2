import { needsConsent, needsConsentToWatch } from '../ask/consent.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import { permissionOf } from './allow.ts'
import type { Consent } from './consent.ts'
import type { Machine, NotReached } from './reach.ts'
import { refused } from './reply.ts'
import { spawn, type SpawnOptions } from './spawn.ts'
import type { Ssh } from './ssh.ts'

/** Runs commands on client machines. What may run is decided by who calls it. */
export interface Commands {
  readonly run: (node: string, argv: readonly string[], options?: SpawnOptions) => Promise<Reply>
  /** Why nothing can run there, known without trying: nobody is asked for consent to what cannot be done. */
  readonly closed?: (node: string) => Promise<Reply | null>
}

export interface CommandOptions {
  readonly machine: (node: string) => Promise<Machine | NotReached>
  /** Absent when the user did not enable it. */
  readonly ssh: Ssh | null
  /** `sudo -n` in front of each command. */
  readonly sudo: boolean
}

export function commands({ machine, ssh, sudo }: CommandOptions): Commands {
  async function open(node: string): Promise<Machine | Reply> {
    const found = await machine(node)
    if ('why' in found)
      return refused(
        found.why,
        ssh ? found.detail : `${found.detail}; commands on clients are not enabled either (--ssh)`,
      )
    if (found.here || ssh) return found
    return refused(
      'not-asked',
      `commands on ${found.name} are not enabled: give --ssh 'user@{address}', or run this program on that machine`,
    )
  }
  return {
    async run(node, argv, options) {
      const found = await open(node)
      if ('status' in found) return found
      const isRoot = found.here && process.geteuid?.() === 0
      const words = sudo && !isRoot ? ['sudo', '-n', '--', ...argv] : argv
      // Whoever becomes another user may stand in a folder that this one cannot enter.
      if (found.here || !ssh) return spawn(words, { ...options, folder: '/' })
      return ssh.run(found, words, options)
    },
    async closed(node) {
      const found = await open(node)
      return 'status' in found ? found : null
    },
  }
}

/** Read-only commands on the machine of a Nomad client. */
export function nodeSource(on: Commands, consent: Consent): Ask {
  return async (request) => {
    if (request.via !== 'node' || !('argv' in request)) return refused('not-asked', 'not a command on a client')
    const refusal = await judge(request, on, consent)
    return refusal ?? on.run(request.node, request.argv)
  }
}

/** Refuses what is not on the read-only list, and what sends or watches packets without consent. */
export async function judge(
  request: Request & { node: string; argv: readonly string[] },
  on: Commands,
  consent: Consent,
): Promise<Reply | null> {
  const { argv, node } = request
  const permission = permissionOf(argv)
  if (permission === 'never')
    return refused(
      'not-asked',
      `${argv[0] ?? 'an empty command'} in this form is not on the list of commands that only look`,
    )
  if (permission === 'look') return null
  const needs = permission === 'watch' ? needsConsentToWatch : needsConsent
  return (await on.closed?.(node)) ?? ((await consent(request)) ? null : refused('not-asked', needs))
}
