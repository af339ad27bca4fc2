/** Runs one command and tells its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv
  if (command === 'diagnose') return (await import('./diagnose.ts')).diagnose(rest)
  process.stderr.write(`nomad-netdoctor: no such command yet: ${argv.join(' ')}\n`)
  return 2
}
