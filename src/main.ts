import { crash } from './crash.ts'
import { version } from './version.ts'

// Everything but these first lines is loaded only when it is needed: `--version` must cost no more than starting Node.
process.on('uncaughtException', crash)
process.stdout.on('error', onOutputError)
process.stderr.on('error', () => {})

const argv = process.argv.slice(2)
const code = await main()
process.exitCode = code
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(code)

async function main(): Promise<number> {
  const first = argv[0]
  if (first === '--version' || first === '-v') return print(version)
  if (first === '--help' || first === '-h') return print((await import('./cli/help.ts')).help)
  const { run } = await import('./cli/index.ts')
  return run(argv)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** A reader that leaves early, such as `head`, is no failure; the exit code stays the one of the run. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.stderr.write(`nomad-netdoctor: cannot write the output: ${error.message}\n`)
  process.exit(2)
}

/** Settles when everything written so far has left the process, so that a long report into a pipe is never cut. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}
