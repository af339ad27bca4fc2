import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reply } from '../ask/request.ts'
import { limit } from './limit.ts'
import { quoteAll } from './quote.ts'
import type { Machine } from './reach.ts'
import { refused, sayError } from './reply.ts'
import { searchPath, spawn, usualPatience, type SpawnOptions } from './spawn.ts'

export interface Ssh {
  readonly run: (machine: Machine, argv: readonly string[], options?: SpawnOptions) => Promise<Reply>
  readonly close: () => Promise<void>
}

export interface SshOptions {
  readonly program?: string
  /** Milliseconds for one command. */
  readonly patience?: number | undefined
}

/** `[options] user@{address}`: the last word is the destination. Names come from the cluster, so they must be plain. */
export function destination(template: string, machine: Machine): { options: string[]; to: string } | string {
  const words = template
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  const hostile = (['address', 'name', 'id'] as const).find(
    (key) => template.includes(`{${key}}`) && !/^[A-Za-z0-9][A-Za-z0-9._:-]*$/.test(machine[key]),
  )
  if (hostile !== undefined) return `the ${hostile} of that client is not a plain host name`
  const filled = (words[0] === 'ssh' ? words.slice(1) : words).map((word) =>
    word.replace(/\{(address|name|id)\}/g, (_, key: 'address' | 'name' | 'id') => machine[key]),
  )
  const to = filled.pop()
  return to === undefined || to.startsWith('-') ? 'the --ssh template names no destination' : { options: filled, to }
}

/** How long a machine that cannot be reached is not dialled again. */
const again = 10_000

/**
 * Nothing that was given up is left running there, where the machine has `timeout`; the one of an old BusyBox reads its
 * arguments otherwise, so it is tried first. What sudo started as another user does not hear it.
 */
const bounded = 'timeout -k 1 "$0" true 2>/dev/null && exec timeout -k 1 "$0" "$@"; exec "$@"'
/** Seconds more than we wait: who is late is told so here. */
const spare = 2

const ending = refused('not-asked', 'the program is ending')

interface Line {
  readonly base: readonly string[]
  readonly to: string
}

/**
 * Commands through the user's own ssh: one shared connection per machine, never a question for a password,
 * and at most six commands at a time on it (sshd allows ten).
 */
export function ssh(template: string, { program = 'ssh', patience = usualPatience }: SshOptions = {}): Ssh {
  // Of the usual patience 5 s for one attempt, and 12 s for all.
  const [attempt, all] = [Math.max(5, Math.round(patience / 3000)), Math.max(12, Math.round(patience / 1250))]
  const lines = new Map<string, Promise<Line | Reply>>()
  const gates = new Map<string, ReturnType<typeof limit>>()
  const masters = new Set<() => void>()
  let folder: Promise<string> | undefined
  let dialled = 0
  let closed = false
  const sockets = (): Promise<string> => (folder ??= makeFolder())
  process.once('exit', endAll)

  function endAll(): void {
    for (const end of masters) end()
  }

  async function connect(machine: Machine, number: number): Promise<Line | Reply> {
    const where = destination(template, machine)
    if (typeof where === 'string') return refused('not-asked', where)
    // Two machines with one socket would answer for each other.
    const socket = join(await sockets(), String(number))
    const base = [
      program,
      '-o',
      'BatchMode=yes',
      '-o',
      `ConnectTimeout=${attempt}`,
      '-o',
      'ServerAliveInterval=5',
      '-T',
      '-S',
      socket,
      ...where.options,
    ]
    const { execa } = await import('execa')
    if (closed) return ending
    const [file, ...args] = [...base, '-M', '-N', '-o', 'ControlPersist=no', '--', where.to]
    const master = execa(file, args, { reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', buffer: true })
    const ended = master.then(({ stderr, cause, exitCode }) =>
      refusal(where.to, stderr || (cause ? sayError(cause) : `exit code ${exitCode}`)),
    )
    const end = (): void => void master.kill('SIGTERM')
    masters.add(end)
    let over = false
    void ended.then(() => (over = masters.delete(end)))
    const check = [...base, '-O', 'check', '--', where.to]
    const ready = (async (): Promise<Line> => {
      for (let waited = 20; (await spawn(check, { timeout: 5000 })).status !== 0; waited = Math.min(waited * 2, 300)) {
        await new Promise((done) => setTimeout(done, waited))
        if (over) await new Promise(() => {}) // the other branch of the race answers
      }
      return { base, to: where.to }
    })()
    const late = new Promise<Reply>((done) =>
      setTimeout(done, all * 1000, refused('timed-out', `ssh ${where.to}: no connection within ${all} s`)).unref(),
    )
    const first = await Promise.race([ready, ended, late])
    if ('base' in first) void ended.then(() => lines.delete(machine.id))
    else {
      end()
      setTimeout(() => lines.delete(machine.id), again).unref()
    }
    return first
  }

  return {
    async run(machine, argv, options = {}) {
      if (closed) return ending
      let line = lines.get(machine.id)
      if (!line) lines.set(machine.id, (line = connect(machine, (dialled += 1))))
      const found = await line
      if (!('base' in found)) return found
      let gate = gates.get(machine.id)
      if (!gate) gates.set(machine.id, (gate = limit(6)))
      const seconds = Math.ceil((options.timeout ?? patience) / 1000) + spare
      const remote = quoteAll(['env', 'LC_ALL=C', `PATH=${searchPath}`, 'sh', '-c', bounded, String(seconds), ...argv])
      const reply = await gate(() => spawn([...found.base, '--', found.to, remote], options))
      // 255 is ssh's own failure: the command never ran.
      return reply.status === 255 ? refusal(found.to, reply.stderr ?? 'exit code 255') : reply
    },
    async close() {
      closed = true
      process.off('exit', endAll)
      endAll()
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}

/** A folder for the sockets of the shared connections; it goes away however the program ends. */
async function makeFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'nd-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}

function refusal(to: string, said: string): Reply {
  const text = said.trim().split('\n').at(-1) ?? ''
  const why = /permission denied|host key verification|too many authentication/i.test(said)
    ? 'denied'
    : /timed out/i.test(said)
      ? 'timed-out'
      : /ENOENT/.test(said)
        ? 'unsupported'
        : 'offline'
  const advice = /identification has changed/i.test(said)
    ? '. The key of this host has CHANGED since the last time: somebody may be listening in between. Ask whoever runs it before anything is accepted'
    : /host key verification/i.test(said)
      ? `: connect once by hand (ssh ${to}) to accept its host key`
      : ''
  return refused(why, `ssh ${to}: ${text.replace(/\.$/, '')}${advice}`)
}
