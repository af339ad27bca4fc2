import type { Readable } from 'node:stream'
import type { Reply } from '../ask/request.ts'
import { refused, sayError, timed } from './reply.ts'

export interface SpawnOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined
  readonly input?: string | undefined
  /** Where the command runs; where we run when left out. */
  readonly folder?: string | undefined
  /** Largest output taken, in characters. */
  readonly most?: number | undefined
}

/** Where the tools of a Linux machine are, also for users whose PATH leaves the administrator's folders out. */
export const searchPath =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin:/snap/bin:/run/wrappers/bin:/run/current-system/sw/bin'

/** Milliseconds that a command may take when nobody says otherwise. */
export const usualPatience = 15_000

/** A reply that its command was too slow for. */
export const isLate = ({ status, stderr = '' }: Reply): boolean => status === -1 && stderr.startsWith('timed out: ')

const mebibyte = 1 << 20

function environment(): Record<string, string> {
  const kept = ['HOME', 'USER', 'LOGNAME', 'DOCKER_HOST', 'XDG_RUNTIME_DIR', 'SSH_AUTH_SOCK', 'TMPDIR']
  const mine = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(mine), PATH: `${process.env['PATH'] ?? ''}:${searchPath}`, LC_ALL: 'C' } as Record<
    string,
    string
  >
}

/** Milliseconds between the signal that a late command may clean up after, the one it cannot refuse, and giving it up. */
const grace = 500

interface Running<T> extends PromiseLike<T> {
  readonly stdout: Readable
  readonly stderr: Readable
}

/**
 * What a command came to; null when it is still there after `most` milliseconds. Others may hold its output: a shared
 * ssh connection keeps the pipes of a client that was killed. And what sudo started hears no signal of ours.
 */
async function outcome<T>(running: Running<T>, most: number): Promise<T | null> {
  const close = setTimeout(() => [running.stdout, running.stderr].forEach((pipe) => pipe.destroy()), most)
  let leave: NodeJS.Timeout | undefined
  const left = new Promise<null>((done) => (leave = setTimeout(done, most + grace, null)))
  try {
    return await Promise.race([running, left])
  } finally {
    clearTimeout(close)
    clearTimeout(leave)
  }
}

/** Runs one command, without a shell and without our tokens in its environment. Every outcome is a reply. */
export async function spawn(argv: readonly string[], options: SpawnOptions = {}): Promise<Reply> {
  const { timeout = usualPatience, input, folder, most = 64 * mebibyte } = options
  const [file = '', ...args] = argv
  const { execa } = await import('execa')
  const reply = timed()
  try {
    const running = execa(file, args, {
      shell: false,
      reject: false,
      extendEnv: false,
      env: environment(),
      ...(folder === undefined ? {} : { cwd: folder }),
      timeout,
      forceKillAfterDelay: grace,
      maxBuffer: most,
      stripFinalNewline: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    })
    const result = await outcome(running, timeout + 2 * grace)
    const late = `timed out: ${file} did not end within ${timeout / 1000} s\n`
    if (result === null) return reply({ status: -1, body: '', stderr: late })
    const { stdout, stderr, exitCode, timedOut, isMaxBuffer, signal } = result
    if (isMaxBuffer)
      return refused('unsupported', `${file} printed more than ${Math.round(most / mebibyte)} MiB: not read`)
    if (timedOut) return reply({ status: -1, body: stdout, stderr: `${late}${stderr}` })
    if (exitCode !== undefined) return reply({ status: exitCode, body: stdout, stderr })
    if (signal !== undefined) return reply({ status: -1, body: stdout, stderr: `${file} was ended by ${signal}` })
    const said = sayError(result.cause)
    return said.includes('ENOENT')
      ? reply({ status: 127, body: '', stderr: `${file}: command not found` })
      : reply({ status: 126, body: '', stderr: said })
  } catch (error) {
    return reply({ status: -1, body: '', stderr: sayError(error) })
  }
}
