import type { Ask, Reply } from '../ask/request.ts'
import { permissionOf } from './allow.ts'
import type { Consent } from './consent.ts'
import type { Machine, NotReached } from './reach.ts'
import { refused } from './reply.ts'
import { spawn, type SpawnOptions } from './spawn.ts'
import type { Ssh } from './ssh.ts'

/** Runs commands on client machines. What may run is decided by who calls it. */
export interface Commands {
  readonly run: (node: string, argv: readonly string[], options?: SpawnOptions) => Promise<Reply>
}

export interface CommandOptions {
  readonly machine: (node: string) => Promise<Machine | NotReached>
  /** Absent when the user did not enable it. */
  readonly ssh: Ssh | null
  /** `sudo -n` in front of each command. */
  readonly sudo: boolean
}

export function commands({ machine, ssh, sudo }: CommandOptions): Commands {
  return {
    async run(node, argv, options) {
      const found = await machine(node)
      if ('why' in found)
        return refused(
          found.why,
          ssh ? found.detail : `${found.detail}; commands on clients are not enabled either (--ssh)`,
        )
      const isRoot = found.here && process.geteuid?.() === 0
      const words = sudo && !isRoot ? ['sudo', '-n', '--', ...argv] : argv
      if (found.here) return spawn(words, options)
      if (ssh) return ssh.run(found, words, options)
      return refused(
        'not-asked',
        `commands on ${found.name} are not enabled: give --ssh 'user@{address}', or run this program on that machine`,
      )
    },
  }
}

/** Read-only commands on the machine of a Nomad client. */
export function nodeSource(on: Commands, consent: Consent): Ask {
  return async (request) => {
    if (request.via !== 'node' || !('argv' in request)) return refused('not-asked', 'not a command on a client')
    const refusal = await judge(request.argv, () => consent(request))
    return refusal ?? on.run(request.node, request.argv)
  }
}

/** Refuses what is not on the read-only list, and what sends packets without consent. */
export async function judge(argv: readonly string[], consent: () => boolean | Promise<boolean>): Promise<Reply | null> {
  const permission = permissionOf(argv)
  if (permission === 'never')
    return refused(
      'not-asked',
      `${argv[0] ?? 'an empty command'} in this form is not on the list of commands that only look`,
    )
  if (permission === 'send' && !(await consent()))
    return refused('not-asked', 'it sends packets and needs your consent (--yes)')
  return null
}
