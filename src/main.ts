import { crash } from './crash.ts'
import { flushed, say } from './out.ts'
import { version } from './version.ts'

// Everything but these first lines is loaded only when it is needed: `--version` must cost no more than starting Node.
process.on('uncaughtException', crash)

const argv = process.argv.slice(2)
const code = await main()
process.exitCode = code
await flushed()
process.exit(code)

async function main(): Promise<number> {
  const first = argv[0]
  if (first === '--version' || first === '-v') return said(version)
  if (first === '--help' || first === '-h') return said((await import('./cli/help.ts')).help)
  const { run } = await import('./cli/index.ts')
  return run(argv)
}

function said(text: string): number {
  say(`${text}\n`)
  return 0
}
