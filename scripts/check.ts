// `npm test`: every check there is, all of them even when an early one fails. The last line counts.
// `npm run test:terminal`: the same for the tests that need a real terminal.
// `npm run test:oracle`: the same for those that ask the kernel what becomes of a packet; they need root.
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

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
const told = await testResults()
passed += told.passed
failed.push(...told.failed)
// A run that fails without a failing test (an error after the end) must not pass.
if (!green && told.failed.length === 0) failed.push('tests: an error outside of every test, see above')

// `.ci/run` repeats these at its end.
for (const what of failed) console.log(`Failed: ${what}`)
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

/** What vitest's JSON reporter wrote: how many passed, and of each test or file that failed the start of its message. */
async function testResults(): Promise<{ passed: number; failed: string[] }> {
  const text = await readFile(results, 'utf8').catch(() => '{}')
  const { numPassedTests = 0, testResults: files = [] } = JSON.parse(text) as Partial<Results>
  const failed = files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('.', name)
    const each = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && each.length === 0) return [`${file}: ${start([message])}`]
    return each.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${start(failureMessages)}`)
  })
  return { passed: numPassedTests, failed }
}

interface Results {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

function start(messages: readonly string[]): string {
  return stripVTControlCharacters(messages.join(' ')).replaceAll(/\s+/g, ' ').slice(0, 2000)
}
