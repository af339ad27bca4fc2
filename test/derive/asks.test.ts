import { describe, expect, test } from 'vitest'
import { dnsAsks, sidecarAsks, templateAsks } from '../../src/derive/discovery/asks.ts'
import type { Ask } from '../../src/knowledge/shapes/discovery.ts'
import { parseResolver } from '../../src/derive/discovery/resolver.ts'

const where = 'template local/a'
const bare = (ask: Ask) => Object.fromEntries(Object.entries(ask).filter(([key]) => key !== 'where'))
const asks = (text: string) => [templateAsks, dnsAsks, sidecarAsks].flatMap((read) => read({ where, text })).map(bare)

describe('what a text asks for', () => {
  test.each([
    ['{{ range nomadService "orders" }}A={{ .Address }}{{ end }}', [{ via: 'nomad-template', name: 'orders' }]],
    ['{{ with nomadService 1 (env "NOMAD_ALLOC_ID") "orders" }}', [{ via: 'nomad-template', name: 'orders' }]],
    [
      '{{- range service "v1.blue.orders@dc2|any" -}}',
      [{ via: 'consul-template', name: 'orders', tag: 'v1.blue', datacenter: 'dc2', states: 'any' }],
    ],
    [
      '{{ range service "orders" "passing,warning" }}',
      [{ via: 'consul-template', name: 'orders', states: 'passing,warning' }],
    ],
    ['{{/* service "orders" */}}{{ range services }}', []],
    ['service "orders" outside of an action', []],
    [
      'http://blue.orders.service.dc1.consul:8080/',
      [{ via: 'consul-dns', name: 'orders', tag: 'blue', datacenter: 'dc1', port: 8080 }],
    ],
    ['{{ range nomadService "orders.service.consul:8080" }}A={{ .Address }}{{ end }}', []],
    [
      '{{ range service "orders" }}A={{ .Address }}{{ end }} B=files.service.consul',
      [
        { via: 'consul-template', name: 'orders' },
        { via: 'consul-dns', name: 'files' },
      ],
    ],
    ['_orders._tcp.service.consul', [{ via: 'consul-dns', name: 'orders' }]],
    ['ip=$(nslookup orders.service.consul); nc -w 3 $ip 8080', [{ via: 'consul-dns', name: 'orders', port: 8080 }]],
    ['nslookup orders.service.consul; sleep $n 10', [{ via: 'consul-dns', name: 'orders' }]],
    ['postgres://u:p@db.example.com:5432/x', [{ via: 'dns', name: 'db.example.com', port: 5432 }]],
    ['nslookup -type=a db.corp.lan', [{ via: 'dns', name: 'db.corp.lan' }]],
    ['/local/loop.sh local/index.html 10.0.0.1:8080', []],
    ['nc -w 3 127.0.0.1 9191', [{ via: 'sidecar', name: '127.0.0.1', port: 9191 }]],
    ['$NOMAD_UPSTREAM_ADDR_orders_api', [{ via: 'sidecar', name: 'orders_api' }]],
  ])('%s', (text, found) => {
    expect(asks(text)).toEqual(found)
  })

  test('ends on hostile text', () => {
    for (const part of ['a', 'a.', 'a-', '{{ service ', '127.0.0.1 ', '$a:', 'ab://', '_a._'])
      asks(part.repeat(50_000 / part.length))
  })
})

describe('resolv.conf', () => {
  test('keeps three servers and the last search line', () => {
    const text =
      '# x\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n  nameserver ::1\nnameserver 10.0.0.4\nsearch a b\nsearch c\n'
    expect(parseResolver(text)).toEqual({ servers: ['10.0.0.1', '10.0.0.2', '::1'], searches: ['c'] })
  })
})
