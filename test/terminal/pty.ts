import { spawn, type IPty } from '@lydell/node-pty'
import xterm, { type Terminal } from '@xterm/headless'

/** A real terminal with the real program in it: what it shows is read from an emulator, cell by cell. */
export interface Session {
  readonly terminal: Terminal
  readonly text: () => string
  /** Everything the program wrote. */
  readonly written: () => string
  readonly type: (keys: string) => void
  /** Waits until the picture fits; tells the picture when it never does. */
  readonly until: (pattern: RegExp) => Promise<void>
  readonly resize: (columns: number, rows: number) => void
  /** The exit code, once the emulator has read all that was written. */
  readonly exited: Promise<number>
  readonly kill: () => void
}

export interface Started {
  readonly argv: readonly string[]
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string | undefined>>
}

const patience = 20_000

export function start({ argv, columns = 120, rows = 40, env = {} }: Started): Session {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const variables: Record<string, string> = {}
  const wanted = { ...process.env, LANG: 'C.UTF-8', COLORTERM: 'truecolor', ...env }
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined && !/^(CI|NO_COLOR|FORCE_COLOR|VITEST.*|NODE_ENV|COLUMNS|LINES)$/.test(name))
      variables[name] = value
  for (const [name, value] of Object.entries(env)) if (value !== undefined) variables[name] = value
  const [file = '', ...args] = argv
  const pty: IPty = spawn(file, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: variables,
    cwd: process.cwd(),
  })
  let written = ''
  pty.onData((data) => {
    written += data
    terminal.write(data)
  })
  terminal.onData((data) => pty.write(data))
  const exited = new Promise<number>((done) => {
    pty.onExit(({ exitCode }) => terminal.write('', () => done(exitCode)))
  })
  const text = () => {
    const buffer = terminal.buffer.active
    const lines = Array.from(
      { length: terminal.rows },
      (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true, 0, terminal.cols) ?? '',
    )
    return lines.join('\n')
  }
  return {
    terminal,
    text,
    written: () => written,
    type: (keys) => pty.write(keys),
    async until(pattern) {
      const end = Date.now() + patience
      while (!pattern.test(text())) {
        if (Date.now() > end) throw new Error(`never saw ${pattern}; the terminal shows:\n${text()}`)
        await new Promise<void>((done) => terminal.write('', done))
        await new Promise((done) => setTimeout(done, 10))
      }
    },
    resize(width, height) {
      terminal.resize(width, height)
      pty.resize(width, height)
    },
    exited,
    kill: () => pty.kill(),
  }
}
