import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A program to run inside a namespace. */
export interface Run {
  readonly argv: readonly string[]
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export const ip = (...argv: readonly string[]): Run => ({ argv: ['ip', ...argv] })

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Listening {
  readonly proto: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly v6only?: boolean
  /** The device it is bound to. */
  readonly device?: string
  /** It may take what is meant for others. */
  readonly transparent?: boolean
}

export interface Attempt {
  readonly proto: 'tcp' | 'udp'
  readonly dst: string
  readonly dport: number
  readonly sport: number
  readonly src?: string
  readonly mark?: number
  readonly uid?: number
  /** Bytes of the IP packet (UDP), and whether it must not be cut. */
  readonly size?: number
  readonly df?: boolean
}

/** A packet as it came to its end. */
export interface Seen {
  readonly proto: 'tcp' | 'udp'
  readonly local: string
  readonly port: number
  readonly peer: string
  readonly peerport: number
}

export interface Answer {
  readonly state: 'answered' | 'error' | 'silent'
  /** Name of the error, empty when it was learnt from an ICMP message. */
  readonly errno: string
  readonly icmp?: readonly [number, number]
  /** Who sent the ICMP message. */
  readonly by?: string
  /** What the server told; null when the connection stood and nothing came. */
  readonly seen?: (Seen & { readonly name: string }) | null
}

const script = new URL('agent.py', import.meta.url).pathname
/** Not one of the wrappers that choose among several. */
const python = ['/usr/bin/python3', 'python3'].find((path) => existsSync(path)) ?? 'python3'

/** A process in a new, nameless network namespace, which goes when it goes. */
export class Agent {
  readonly name: string
  readonly #child: ChildProcess
  readonly #waiting: ((line: unknown) => void)[] = []
  #dead: Error | undefined
  pid = 0

  private constructor(name: string, env: Readonly<Record<string, string>>) {
    this.name = name
    // A namespace inside one that makes its sockets' tables small: they are read over and over.
    const small = ['tcp_child_ehash_entries', 'udp_child_hash_entries']
      .map((key) => `[ -e /proc/sys/net/ipv4/${key} ] && echo 256 >/proc/sys/net/ipv4/${key};`)
      .join(' ')
    const argv = [
      '--net',
      '--',
      'sh',
      '-c',
      `${small} exec unshare --net -- ${python} -I -S -B "$@"`,
      'sh',
      script,
      name,
    ]
    this.#child = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
    this.#child.on('error', (error) => this.#end(error))
    this.#child.on('exit', (code) => this.#end(new Error(`the helper of ${name} ended (${code})`)))
    this.#child.stdin?.on('error', (error) => this.#end(error))
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#waiting.shift()?.(JSON.parse(line)))
  }

  static async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<Agent> {
    const agent = new Agent(name, env)
    const hello = (await agent.#next()) as { pid: number }
    agent.pid = hello.pid
    return agent
  }

  run = (list: readonly Run[]): Promise<readonly Ran[]> =>
    list.length === 0 ? Promise.resolve([]) : (this.#ask({ op: 'run', list }) as Promise<readonly Ran[]>)

  /** Runs programs that must succeed. */
  async must(...list: readonly Run[]): Promise<readonly Ran[]> {
    const done = await this.run(list)
    for (const [index, { code, err, out }] of done.entries()) {
      const { argv = [], stdin = '' } = list[index] ?? {}
      if (code !== 0) throw new Error(`${this.name}: ${argv.join(' ')} ended with ${code}: ${err}${out}\n${stdin}`)
    }
    return done
  }

  /** Writes settings; gives the ones that failed. */
  set = (values: readonly (readonly [string, string])[]): Promise<readonly string[]> =>
    values.length === 0 ? Promise.resolve([]) : (this.#ask({ op: 'set', values }) as Promise<readonly string[]>)

  /** Listens on exactly these; gives the ones that failed. */
  listen = (list: readonly Listening[]): Promise<readonly string[]> =>
    this.#ask({ op: 'listen', list }) as Promise<readonly string[]>

  /** Forgets connections, neighbours, path MTUs and what was seen. */
  flush = (): Promise<unknown> => this.#ask({ op: 'flush' })

  /** First packets that came to this namespace itself since the last flush. */
  seen = (): Promise<readonly Seen[]> => this.#ask({ op: 'seen' }) as Promise<readonly Seen[]>

  /** `timeout` in seconds. */
  attempt = (list: readonly Attempt[], timeout: number): Promise<readonly Answer[]> =>
    list.length === 0 ? Promise.resolve([]) : (this.#ask({ op: 'try', list, timeout }) as Promise<readonly Answer[]>)

  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#dead) return resolve()
      this.#child.once('exit', () => resolve())
      this.#child.stdin?.end()
    })
  }

  #ask(command: object): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead)
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
    return this.#next()
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((line) => (line instanceof Error ? reject(line) : resolve(line)))
    })
  }

  #end(error: Error): void {
    this.#dead ??= error
    for (const waiting of this.#waiting.splice(0)) waiting(error)
  }
}
