import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { captureHelp } from '../src/cli/capture.ts'
import { checkHelp } from '../src/cli/check.ts'
import { diagnoseHelp } from '../src/cli/diagnose.ts'
import { faultsHelp } from '../src/cli/faults.ts'
import { help } from '../src/cli/help.ts'
import { lintHelp } from '../src/cli/lint.ts'
import { pathHelp } from '../src/cli/path.ts'
import { program } from './cli/program.ts'
import { recordedCases } from '../scripts/docs/recorded.ts'

const text = readFileSync('README.md', 'utf8')
const blocks = Array.from(text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm), ([, language = '', body = '']) => ({
  language,
  body,
}))
const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ body }) => body.split('\n'))
const commands = lines.flatMap((line) => {
  const [, command, rest] = /^(?:npm start --|nomad-netdoctor) (\w+)(.*)$/.exec(line) ?? []
  return command === undefined || rest === undefined ? [] : [{ command, rest }]
})

const helps: Readonly<Record<string, string>> = {
  diagnose: diagnoseHelp,
  check: checkHelp,
  faults: faultsHelp,
  capture: captureHelp,
  lint: lintHelp,
  path: pathHelp,
}

test('every command in it exists, with every flag', () => {
  expect(commands.length).toBeGreaterThan(5)
  const wrong = commands.flatMap(({ command, rest }) =>
    (rest.match(/(?<=^|\s)--?[a-z][a-z-]*/g) ?? [])
      .filter((flag) => !(helps[command] ?? '').includes(flag))
      .map((flag) => `${command} ${flag}`),
  )
  expect(wrong).toEqual([])
  for (const command of Object.keys(helps)) expect(help).toContain(`nomad-netdoctor ${command}`)
})

test('its example is what the program prints', async () => {
  const example = blocks.find(({ language }) => language === 'text')?.body ?? ''
  const { code, stdout: printed } = await program(['diagnose', '--case', 'cases/app-binds-loopback-only'])
  expect(code).toBe(1)
  expect(example.split('\n').filter((line) => !printed.includes(line.trim()))).toEqual([])
})

test('it counts the recordings', () => {
  expect(text).toContain(`${recordedCases().length} recordings of real clusters`)
})
