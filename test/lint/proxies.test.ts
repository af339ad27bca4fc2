import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintFiles } from '../../src/cli/lint-files.ts'
import { openerOf, parsers } from '../../src/cli/lint-open.ts'

/** The ids of what is found in a group with these parts. */
async function found(parts: { network?: string; service?: string; task?: string }): Promise<readonly string[]> {
  const file = join(mkdtempSync(join(tmpdir(), 'netdoctor-proxies-')), 'a.nomad.hcl')
  writeFileSync(
    file,
    `job "j" {
  group "web" {
    network {
      mode = "bridge"
      ${parts.network ?? ''}
    }
    service {
      name = "web"
      port = "9090"
      ${parts.service ?? sidecar('')}
    }
    task "web" {
      driver = "docker"
      config {
        image = "acme/web:1"
        args  = ["--listen", "0.0.0.0:9090"]
        ${parts.task ?? ''}
      }
    }
  }
}
`,
  )
  const linted = await lintFiles([file], [], openerOf(new Map(), parsers()), {
    settled: [],
    editing: undefined,
    unknown: true,
    planned: false,
  })
  if (!('report' in linted)) throw new Error(linted.message)
  return linted.report.findings.map(({ id }) => id)
}

const block = (name: string, text: string): string => `${name} {\n${text}\n}\n`
const sidecar = (proxy: string, own = ''): string =>
  block('connect', block('sidecar_service', `${own}\n${block('proxy', proxy)}`))
const port = (label: string, text = ''): string => block(`port "${label}"`, text)
const check = (label: string): string =>
  block('check', `type = "grpc"\nport = "${label}"\ninterval = "9s"\ntimeout = "2s"`)
const config = 'config {\nenvoy_prometheus_bind_addr = "0.0.0.0:9102"\n}'

test('a port that may be the proxy of the group is not judged by where the task listens', async () => {
  const metrics = port('metrics', 'to = 9102')
  expect(await found({ network: metrics, service: '' })).toEqual(['wrong-to-port'])
  expect(await found({ network: metrics })).toEqual([])
  expect(await found({ network: port('metrics', 'static = 9102'), service: '' })).toEqual(['app-ignores-assigned-port'])
  expect(await found({ network: port('metrics', 'static = 9102') })).toEqual([])
})

test('ports that the servers add have labels', async () => {
  expect(await found({ service: `${sidecar('')}${check('connect-proxy-web')}` })).toEqual([])
  expect(await found({ service: `${sidecar('', 'port = "mesh"')}${check('mesh')}` })).toEqual([])
  expect(await found({ service: `${sidecar('')}${check('connect-proxy-api')}` })).toEqual([
    'service-port-label-unknown',
  ])
  expect(await found({ service: sidecar('', 'port = "mesh"'), task: 'command = "${NOMAD_PORT_mesh}"' })).toEqual([])
  expect(await found({ service: sidecar(''), task: 'command = "${NOMAD_PORT_mesh}"' })).toEqual([
    'network-variable-unset',
  ])
})

test('where the proxy listens an upstream is not missing', async () => {
  const dials = (to: number): string => `command = "curl http://127.0.0.1:${to}/"`
  expect(await found({ task: dials(9102) })).toEqual(['connect-upstream-missing'])
  expect(await found({ service: sidecar(config), task: dials(9102) })).toEqual([])
  expect(await found({ task: dials(19101) })).toEqual([])
  const task = block('sidecar_task', block('config', 'args = ["--admin", "127.0.0.1:9102"]'))
  expect(await found({ service: sidecar('').replace(/\}\n$/, `${task}}\n`), task: dials(9102) })).toEqual([])
})
