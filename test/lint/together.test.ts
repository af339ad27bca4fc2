import { expect, test } from 'vitest'
import { lintFiles } from '../../src/cli/lint-files.ts'
import { openerOf, parsers } from '../../src/cli/lint-open.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { json } from '../../src/renderers/json.ts'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

async function lint(files: Readonly<Record<string, string>>): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-together-'))
  const names = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  })
  const open = openerOf(new Map(), parsers())
  const linted = await lintFiles(names, [], open, { settled: [], editing: undefined, unknown: true, planned: false })
  if (!('report' in linted)) throw new Error(linted.message)
  return linted.report
}

const groups = (names: readonly string[]) => `job "d" {
  dynamic "group" {
    for_each = ${JSON.stringify(names)}
    labels   = [group.value]
    content {
      network {
        mode = "bridge"
        port "http" {}
      }
      service {
        name     = "s-\${group.value}"
        provider = "nomad"
        port     = "htpp"
      }
      task "t" {
        driver = "docker"
        config {
          image = "x"
          ports = ["http"]
        }
      }
    }
  }
}
`

test('a mistake in a dynamic block is one finding that names the groups', async () => {
  const { findings, counts } = await lint({ 'a.nomad.hcl': groups(['a', 'b', 'c']) })
  expect(findings).toMatchObject([
    {
      id: 'service-port-label-unknown',
      about: 'group:d/a',
      also: ['group:d/b', 'group:d/c'],
      sentence: expect.stringMatching(/has only the port label http; the same goes for b and c$/),
    },
  ])
  expect(counts.present).toBe(1)
  expect(counts.judged).toBe(counts.present + counts.absent + counts.unknown)
})

test('of many groups some are named', async () => {
  const { findings } = await lint({ 'a.nomad.hcl': groups(['a', 'b', 'c', 'd', 'e', 'f', 'g']) })
  expect(findings.map(({ sentence }) => sentence.replace(/.*; /, ''))).toEqual([
    'the same goes for b, c, d, e and 2 more',
  ])
})

const lan =
  'job "j" {\n  group "g" {\n    network {\n      mode = "cni/lan"\n    }\n    task "t" {\n      driver = "docker"\n    }\n  }\n}\n'
const broken = '{"cniVersion":"1.0.0","name":"lan","plugins":[{"type":"loopback"},]}\n'
const client = 'client {\n  enabled = true\n}\n'

test('a CNI file that cannot be read explains that no client has the network', async () => {
  const { findings } = await lint({ 'c.hcl': client, 'lan.conflist': broken, 'j.nomad.hcl': lan })
  expect(findings.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
    ['cni-conf-broken-stops-agent', undefined],
    ['cni-network-not-on-node', 'cni-conf-broken-stops-agent'],
  ])
})

test('a network that no file is for is a finding of its own', async () => {
  const other =
    '{"cniVersion":"1.0.0","name":"other","plugins":[{"type":"loopback"},{"type":"macvlan","master":"eth0"}]}\n'
  const { findings } = await lint({ 'c.hcl': client, 'other.conflist': other, 'j.nomad.hcl': lan })
  expect(findings.filter(({ id }) => id === 'cni-network-not-on-node')).toMatchObject([{ severity: 'breaks' }])
  expect(findings.find(({ id }) => id === 'cni-network-not-on-node')?.explainedBy).toBeUndefined()
})

test('what is unknown of files has a line each, and is the same to a program', async () => {
  const report = await lint({ 'a.nomad.hcl': groups(['a']) })
  const subject = { from: null, to: null, port: null, symptom: 'unknown' }
  const as = (kind: 'files' | 'case') => json(report, { source: { kind, where: 'x' }, subject })
  const [short, long] = [as('files'), as('case')]
  expect(JSON.parse(short)).toEqual({ ...(JSON.parse(long) as object), source: { kind: 'files', where: 'x' } })
  expect(short.length).toBeLessThan(long.length * 0.8)
})

const asking = (registers: string, asks: string) => `job "${registers}" {
  group "g" {
    service {
      name     = "${registers}"
      provider = "nomad"
    }
    task "t" {
      driver = "docker"
      config {
        image = "x"
      }
    }
  }
  group "caller" {
    task "t" {
      driver = "docker"
      config {
        image = "x"
      }
      template {
        data        = "{{ range nomadService \\"${asks}\\" }}A={{ .Address }}{{ end }}"
        destination = "local/a.env"
      }
    }
  }
}
`

test('a name that another of the files registers is no slip of the pen', async () => {
  const one = { 'a.nomad.hcl': asking('bfiles', 'files') }
  const found = async (files: Readonly<Record<string, string>>) => (await lint(files)).findings.map(({ id }) => id)
  expect(await found(one)).toEqual(['template-empty-range-starts'])
  expect(await found({ ...one, 'b.nomad.hcl': asking('files', 'files') })).toEqual([])
})
