import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import about from '../package.json' with { type: 'json' }
import { version } from '../src/version.ts'

const lockfile = readFileSync('package-lock.json', 'utf8')

test('the version is the same in the program and in its package', () => {
  expect(version).toBe(about.version)
})

test('every version is exact, so that each machine installs the same', () => {
  expect(Object.entries(about.devDependencies).filter(([, wanted]) => !/^\d+\.\d+\.\d+$/.test(wanted))).toEqual([])
})

test('an installation brings nothing but the bundle', () => {
  expect(Object.keys(about).filter((key) => /^(peer|optional)?dependencies$/i.test(key))).toEqual([])
})

test('the lockfile names no registry', () => {
  expect(lockfile).not.toMatch(/"resolved": "http/)
})

test('the lockfile holds the optional packages of every platform', () => {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, { optionalDependencies?: object }> }
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
  expect(missing).toEqual([])
})

test('nobody but the knowledge reads examples: the bundle leaves them out', () => {
  const outside = globSync('src/**/*.{ts,tsx}').filter((file) => !file.includes('knowledge'))
  expect(outside.filter((file) => /\bexamples\b/.test(readFileSync(file, 'utf8')))).toEqual([])
})
