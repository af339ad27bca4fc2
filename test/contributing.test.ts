import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

interface Block {
  readonly language: string
  /** The file that a ts or diff block is about; `fails` behind sh. */
  readonly about: string
  readonly lines: readonly string[]
}

const copy = realpathSync(mkdtempSync(join(tmpdir(), 'netdoctor-contributing-')))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const [, section = ''] =
  /^## Add a fault, from start to end$([\s\S]*?)^## /m.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? []
const blocks = Array.from(
  section.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm),
  ([, language = '', about = '', body = '']): Block => ({
    language,
    about,
    lines: body.trimEnd().split('\n'),
  }),
)

const area = 'src/knowledge/faults/ports'
const fault = `${area}/second-network-block-ignored.ts`

test('the fault that CONTRIBUTING.md writes is the one in the program', () => {
  const written = blocks.find(({ about }) => about === fault)?.lines.join('\n')
  expect(readFileSync(fault, 'utf8').trimEnd()).toBe(written)
})

test('CONTRIBUTING.md adds a fault that works, when it is followed word for word', { timeout: 180_000 }, () => {
  prepare()
  let printed = ''
  for (const { language, about, lines } of blocks) {
    if (language === 'sh') printed = lines.map((line) => run(line, about === 'fails')).join('\n')
    if (language === 'text') for (const line of lines) expect(printed).toContain(line)
    if (language === 'ts') writeFileSync(join(copy, about), `${lines.join('\n')}\n`)
    if (language === 'diff') insert(about, lines)
  }
  expect(readFileSync(join(copy, 'docs/faults/second-network-block-ignored.md'), 'utf8')).toContain('## Why it breaks')
  expect(readFileSync(join(copy, 'src/knowledge/faults/ports/index.ts'), 'utf8')).toContain('secondNetworkBlockIgnored')
})

test.each([
  ['nothing', [], /^Give one id.*Areas: .*\bports\b/],
  ['an id that is not one', ['ports/Wrong_Port'], /^"Wrong_Port" is not an id/],
  [
    'a fault that is there',
    ['ports/wrong-to-port'],
    /^There is a fault wrong-to-port already: src\/knowledge\/faults\//,
  ],
  ['no area', ['gateway-config-entry-denied'], /^No area is given: .*\bmesh\b/],
  ['an area that is not there', ['mash/gateway-config-entry-denied'], /^There is no area "mash": .*\bmesh\b/],
  [
    'a misspelt id',
    ['mesh/gateway-config-entry-denid'],
    /is not in scripts\/catalogue.txt. Near it: gateway-config-entry-denied/,
  ],
  ['an unknown flag', ['mesh/gateway-config-entry-denied', '--aera'], /--aera/],
] as const)('a new fault is refused: %s', (_, argv, message) => {
  const { status, stderr } = spawnSync('node', ['scripts/new-fault.ts', ...argv], { encoding: 'utf8' })
  expect(stderr.trim()).toMatch(message)
  expect(status).toBe(2)
})

test('it has a block of every kind that is followed', () => {
  expect([...new Set(blocks.map(({ language }) => language))].toSorted()).toEqual([
    'console',
    'diff',
    'sh',
    'text',
    'ts',
  ])
})

/** A copy of what the walk-through touches and runs; the packages are the ones that are installed. */
function prepare(): void {
  const parts = [
    'src',
    'scripts',
    'test',
    'bin',
    'docs',
    'CHANGELOG.md',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]
  const left = ['test/recordings', 'docs/screens'].map((folder) => resolve(folder))
  for (const part of parts)
    cpSync(part, join(copy, part), { recursive: true, filter: (source) => !left.includes(resolve(source)) })
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'), 'junction')
  rmSync(join(copy, fault))
  rmSync(join(copy, 'docs/faults/second-network-block-ignored.md'))
  for (const file of [`${area}/index.ts`, 'src/knowledge/tree/ports.ts'])
    writeFileSync(join(copy, file), without(readFileSync(join(copy, file), 'utf8')))
}

/** The lines that do not speak of the fault. */
const without = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/second-network-block-ignored|secondNetworkBlockIgnored/.test(line))
    .join('\n')

function run(line: string, fails: boolean): string {
  const words = line.split(' ')
  // A run inside of a run must not write over the results of the outer one.
  const [command = '', ...argv] = line.startsWith('npm run unit') ? [...words, '--reporter=default'] : words
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|FORCE_COLOR)/.test(name)),
  )
  const { status, stdout, stderr } = spawnSync(command, argv, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
    shell: process.platform === 'win32',
  })
  const printed = `${stdout}${stderr}`
  expect(status === 0, `${line} in ${relative(tmpdir(), copy)} ended with ${status}:\n${printed}`).toBe(!fails)
  return printed
}

/** A diff of context and additions: the additions come behind the context, wherever that stands. */
function insert(file: string, lines: readonly string[]): void {
  const text = readFileSync(join(copy, file), 'utf8')
  const context = lines
    .filter((line) => line.startsWith(' '))
    .map((line) => line.slice(1))
    .join('\n')
  const added = lines
    .filter((line) => line.startsWith('+'))
    .map((line) => line.slice(1))
    .join('\n')
  expect(text.split(`${context}\n`)).toHaveLength(2)
  writeFileSync(
    join(copy, file),
    text.replace(`${context}\n`, () => `${context}\n${added}\n`),
  )
}
