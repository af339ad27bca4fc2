// `npm test`: every check there is, all of them even when an early one fails. The last line counts.
// `npm run test:terminal`: the same for the tests that need a real terminal.
// `npm run test:oracle`: the same for those that ask the kernel what becomes of a packet; they need root.
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'

interface Check {
  readonly name: string
  readonly argv: readonly string[]
}

const project = process.argv[2] ?? 'unit'
const build: Check = { name: 'build', argv: ['node', 'scripts/build.ts'] }
const statics: readonly Check[] = [
  { name: 'types', argv: ['tsc'] },
  { name: 'lint', argv: ['oxlint'] },
  { name: 'format', argv: ['oxfmt', '--check'] },
  { name: 'unused', argv: ['knip'] },
]
const tests: Check = { name: 'tests', argv: ['vitest', 'run', '--project', project] }
const results = 'node_modules/.cache/nomad-netdoctor/tests.json'

const failed: string[] = []
let passed = 0
for (const check of project === 'unit' ? [build, ...statics] : project === 'terminal' ? [build] : []) {
  if (await succeeds(check)) passed++
  else failed.push(check.name)
}

await rm(results, { force: true })
const green = await succeeds(tests)
const counts = await testCounts()
passed += counts.passed
for (let n = 0; n < counts.failed; n++) failed.push(tests.name)
// A run that fails without a failing test (a file that cannot be loaded, an error after the end) must not pass.
if (!green && counts.failed === 0) failed.push(tests.name)

if (failed.length > 0) console.log(`\nFailed: ${[...new Set(failed)].join(', ')}`)
console.log(`${passed} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0

function succeeds({ name, argv }: Check): Promise<boolean> {
  console.log(`\n— ${name}: ${argv.join(' ')}`)
  const [command = '', ...rest] = argv
  return new Promise((resolve) => {
    const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.on('close', (code) => resolve(code === 0))
  })
}

async function testCounts(): Promise<{ passed: number; failed: number }> {
  const text = await readFile(results, 'utf8').catch(() => '{}')
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(text) as Record<string, number>
  return { passed: numPassedTests, failed: numFailedTests }
}
