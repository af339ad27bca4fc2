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

/** Runs one command, without a shell and without our tokens in its environment. Every outcome is a reply. */
export async function spawn(argv: readonly string[], options: SpawnOptions = {}): Promise<Reply> {
  const { timeout = usualPatience, input, folder, most = 64 * mebibyte } = options
  const [file = '', ...args] = argv
  const { execa } = await import('execa')
  const reply = timed()
  try {
    const result = await execa(file, args, {
      shell: false,
      reject: false,
      extendEnv: false,
      env: environment(),
      ...(folder === undefined ? {} : { cwd: folder }),
      timeout,
      forceKillAfterDelay: 1000,
      maxBuffer: most,
      stripFinalNewline: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    })
    const { stdout, stderr, exitCode, timedOut, isMaxBuffer, signal } = result
    if (isMaxBuffer)
      return refused('unsupported', `${file} printed more than ${Math.round(most / mebibyte)} MiB: not read`)
    if (timedOut)
      return reply({
        status: -1,
        body: stdout,
        stderr: `timed out: ${file} did not end within ${timeout / 1000} s\n${stderr}`,
      })
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
