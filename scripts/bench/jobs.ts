import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { opener } from '../../src/cli/lint-open.ts'
import { UsageError } from '../../src/cli/flags.ts'
import { survey } from '../../src/engine/survey.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { searchFaults } from '../../src/run/search.ts'
import type { Item } from './item.ts'
import { milliseconds } from './process.ts'
import { mean } from './thinking.ts'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-bench-jobs-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

/** A job file of 300 lines: ten groups that call each other, each with a port, a service, a check and a template. */
const longJob = `job "shop" {
  type = "service"
${Array.from({ length: 10 }, (_, n) => groupText(n)).join('\n')}
}
`
function groupText(n: number): string {
  return `
  group "part-${n}" {
    network {
      mode = "bridge"
      port "http" {
        to = 8080
      }
    }
    service {
      name     = "part-${n}"
      port     = "http"
      provider = "nomad"
      check {
        type     = "tcp"
        interval = "10s"
        timeout  = "2s"
      }
    }
    task "server" {
      driver = "docker"
      config {
        image = "shop/part:${n}"
        ports = ["http"]
      }
      template {
        destination = "local/next.env"
        env         = true
        data        = "{{ range nomadService \\"part-${(n + 1) % 10}\\" }}NEXT={{ .Address }}:{{ .Port }}{{ end }}"
      }
    }
  }`
}
const longFile = join(home, 'shop.nomad.hcl')
writeFileSync(longFile, longJob)

/** The corpus, again and again until it is 1,000 files. */
function manyFiles(): string {
  const folder = join(home, 'many')
  mkdirSync(folder)
  const files = globSync('test/corpus/{sound,faulty,fixed}/*.hcl').toSorted()
  for (let n = 0; n < 1000; n++) {
    const from = files[n % files.length]
    if (from !== undefined) writeFileSync(join(folder, `${n}.nomad.hcl`), readFileSync(from))
  }
  return folder
}
let folder: string | undefined

const tellsMemory = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS+'\\n'))`

/** Milliseconds and MiB of linting 1,000 files. */
function lintMany(): { readonly took: number; readonly peak: number } {
  const argv = ['--import', tellsMemory, 'bin/nomad-netdoctor.js', 'lint', (folder ??= manyFiles())]
  const start = performance.now()
  const { stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const took = performance.now() - start
  const peak = /^peak (\d+)$/m.exec(stderr)?.[1]
  if (peak === undefined) throw new Error(`linting 1,000 files ended early: ${stderr.slice(0, 500)}`)
  return { took, peak: Number(peak) / 1024 }
}

const lintOne = (): number => milliseconds(['bin/nomad-netdoctor.js', 'lint', longFile])

/** What people type and paste, searched for anew with every key. */
const typed = [
  'connection refused',
  'port mapping',
  'consul dns',
  'no such host',
  'dial tcp 10.0.0.7:25000: connect: no route to host',
]

function searchKey(): number {
  const times = typed.flatMap((line) =>
    Array.from(line, (_, at) => {
      const start = performance.now()
      searchFaults(line.slice(0, at + 1))
      return performance.now() - start
    }),
  )
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
}

async function judgeOne(): Promise<number> {
  const open = await opener([], [], {})
  if (open instanceof UsageError) throw new Error(open.message)
  const { jobs } = await open('shop.nomad.hcl', longJob)
  const { scope, world } = judgeJobs(jobs)
  return mean(() => survey(faultList, scope, world))
}

export const items: readonly Item[] = [
  { name: 'lint a job file of 300 lines, start to exit', limit: 7, unit: 'ratio', measure: lintOne },
  {
    name: 'lint 1,000 files, each after the start',
    limit: 12,
    unit: 'ms',
    most: 2,
    measure: () => (lintMany().took - lintOne()) / 999,
  },
  { name: 'memory for 1,000 files', limit: 200, unit: 'MiB', most: 1, measure: () => lintMany().peak },
  { name: 'search all faults, per key, p95', limit: 8, unit: 'ms', measure: searchKey },
  { name: 'judge all faults over one job file', limit: 5, unit: 'ms', measure: judgeOne },
]
