// Packs the package as it would be published, installs it somewhere else without a network, and starts it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const limit = 6_000_000
const folder = mkdtempSync(join(tmpdir(), 'netdoctor-pack-'))
try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  ) as Packed[]
  if (!packed) throw new Error('npm packed nothing')
  const paths = packed.files.map(({ path }) => path)
  for (const path of [
    'bin/nomad-netdoctor.js',
    'dist/main.js',
    'dist/third-party-licenses.txt',
    'LICENSE',
    'package.json',
  ])
    if (!paths.includes(path)) throw new Error(`${path} is not in the package`)
  if (packed.unpackedSize > limit) throw new Error(`the package takes ${packed.unpackedSize} bytes, more than ${limit}`)

  run('npm', ['install', '--prefix', folder, '--offline', '--no-package-lock', join(folder, packed.filename)])
  const version = run('node', [join(folder, 'node_modules/nomad-netdoctor/bin/nomad-netdoctor.js'), '--version']).trim()
  if (version !== packed.version) throw new Error(`the installed program says it is ${version}, not ${packed.version}`)
  console.log(
    `${paths.length} files, ${megabytes(packed.size)} packed, ${megabytes(packed.unpackedSize)} of at most ${megabytes(limit)} unpacked; it starts.`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Packed {
  readonly filename: string
  readonly version: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

function run(command: string, argv: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, argv, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${argv.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
