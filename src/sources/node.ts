import { needsConsent, needsConsentToWatch } from '../ask/consent.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import { permissionOf } from './allow.ts'
import type { Consent } from './consent.ts'
import type { Machine, NotReached } from './reach.ts'
import { refused } from './reply.ts'
import { isLate, spawn, usualPatience, type SpawnOptions } from './spawn.ts'
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
  /** Milliseconds for one command. */
  readonly patience?: number | undefined
}

/** The part of the usual patience that is left for a program that hangs on that machine. */
const brief = 0.2

export function commands({ machine, ssh, sudo, patience = usualPatience }: CommandOptions): Commands {
  /** Machines that ended a command in time. */
  const answered = new Set<string>()
  /** Machine and program that were late, all tries included: a hung daemon hangs for every question of a run. */
  const hung = new Set<string>()

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
      const looks = onlyLooks(argv)
      const program = `${node} ${inner(argv)[0]}`
      const usual = looks && hung.has(program) ? patience * brief : patience
      const limited = { ...options, timeout: options?.timeout ?? usual }
      const once = () =>
        found.here || !ssh ? spawn(words, { ...limited, folder: '/' }) : ssh.run(found, words, limited)
      const first = await once()
      // A machine that answers otherwise was only too busy; what sends or watches packets is done once.
      const reply = isLate(first) && answered.has(node) && looks && !hung.has(program) ? await once() : first
      if (isLate(reply)) hung.add(program)
      else {
        answered.add(node)
        hung.delete(program)
      }
      return isLate(reply) ? { ...reply, stderr: allowMore(reply.stderr) } : reply
    },
    async closed(node) {
      const found = await open(node)
      return 'status' in found ? found : null
    },
  }
}

/** Inside a network namespace the command comes after the dashes. */
const inner = (argv: readonly string[]): readonly string[] =>
  argv[0] === 'nsenter' ? argv.slice(argv.indexOf('--') + 1) : argv

const onlyLooks = (argv: readonly string[]): boolean => permissionOf(inner(argv)) === 'look'

const allowMore = (said = ''): string => said.replace(/^[^\n]*/, '$&; --ssh-timeout allows more')

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
