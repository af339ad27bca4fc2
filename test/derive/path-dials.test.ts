import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/knowledge/facts.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import { group, task } from '../../src/knowledge/samples.ts'
import { derived, valueOf, nobody, upstream, template, env, type Finding, finding } from './path-cases.ts'

const intoFile = (data: string) => {
  const { templates, ...rest } = template(data)
  return { ...rest, templates: templates.map((one) => ({ ...one, env: false, destination: 'local/peers' })) }
}

const calling = task({ name: 'loop', config: { args: ['-c', 'wget -qO- http://server:8080/ || echo failed'] } })

const places = (held: Held<Facts['path.dials']> | undefined) =>
  held?.known ? held.value.map(({ host, port }) => [host, port]) : undefined

describe('path.dials: the addresses the source uses', () => {
  test.each<[string, Finding, unknown]>([
    ['as written', { source: env('10.0.0.1 22774') }, [['10.0.0.1', 22774]]],
    [
      'as rendered',
      { source: env('${attr.unique.network.ip-address}:8080'), rendered: { ORDERS: '10.0.0.2:8080' } },
      [['10.0.0.2', 8080]],
    ],
    [
      'an address of a client and a port of no instance of today, each in a variable',
      { source: task({ name: 'loop', env: { API_HOST: '10.0.0.1', API_PORT: '31000' } }) },
      [['10.0.0.1', 31000]],
    ],
    [
      'a sibling by its name',
      {
        source: calling,
        sourceGroup: group({ name: 'web', tasks: [calling, task({ name: 'server' })] }),
        sameGroup: true,
      },
      [['server', 8080]],
    ],
    ['what is not rendered yet is not known', { source: env('${attr.unique.network.ip-address}:8080') }, undefined],
    [
      'what a template wrote',
      {
        source: template('{{ range nomadService "orders" }}ORDERS="{{ .Address }} {{ .Port }}"\n{{ end }}'),
        rendered: { ORDERS: '10.0.0.1 25000' },
      },
      [['10.0.0.1', 25000]],
    ],
    [
      'a variable that stayed as it was is no address',
      {
        source: env('${NOMAD_IP_http} ${NOMAD_PORT_http}'),
        rendered: { ORDERS: '${NOMAD_IP_http} ${NOMAD_PORT_http}' },
      },
      [],
    ],
    [
      'what the person says',
      { source: env('10.0.0.1:25000'), names: { dials: '10.88.0.11' } },
      [
        ['10.88.0.11', undefined],
        ['10.0.0.1', 25000],
      ],
    ],
    [
      'the local port of an upstream',
      { source: env('127.0.0.1:9191'), sourceGroup: group({ name: 'web', services: [upstream('orders')] }) },
      [['127.0.0.1', 9191]],
    ],
    [
      'host and port in two variables',
      { source: task({ name: 'loop', env: { PGHOST: '127.0.0.1', PGPORT: '8080', PORT: '80' } }) },
      [['127.0.0.1', 8080]],
    ],
    [
      'what a template wrote into a file, and nothing of what stood there before',
      {
        source: intoFile('listen 127.0.0.1:80\n{{ range nomadService "orders" }}{{ .Address }}:{{ .Port }}\n{{ end }}'),
        files: { 'local/peers': 'listen 127.0.0.1:80\n10.0.0.1:25000\n10.0.0.2:25001\n' },
      },
      [
        ['10.0.0.1', 25000],
        ['10.0.0.2', 25001],
      ],
    ],
    [
      'a file that was not read',
      { source: intoFile('{{ range nomadService "orders" }}{{ .Address }}{{ end }}') },
      undefined,
    ],
    [
      'a file in which another service stands as well',
      {
        source: intoFile(
          '{{ range nomadService "orders" }}{{ .Address }}{{ end }}{{ range nomadService "users" }}{{ .Address }}{{ end }}',
        ),
        files: { 'local/peers': '10.0.0.1 10.0.0.9' },
      },
      undefined,
    ],
    ['IPv6', { source: env('[fd00::1]:8080') }, [['fd00::1', 8080]]],
  ])('%s', (_, given, expected) => {
    expect(places(derived('path.dials', finding(given)))).toEqual(expected)
  })

  describe('a variable in the words of a program', () => {
    const calls = (text: string): Finding => ({
      source: task({ name: 'loop', config: { args: ['-c', text] } }),
      sourceGroup: group(),
      target: group(),
      sameGroup: true,
      rendered: { NOMAD_ADDR_http: '10.0.0.1:25000' },
    })
    test.each<[string, Finding, unknown]>([
      ['as a shell reads it', calls('wget http://$NOMAD_ADDR_http/'), [['10.0.0.1', 25000]]],
      ['as Nomad fills it in', calls('wget http://${NOMAD_ADDR_http}/'), [['10.0.0.1', 25000]]],
      ['which it only tells others', calls('broker --advertise $NOMAD_ADDR_http'), []],
    ])('%s', (_, given, expected) => {
      expect(places(derived('path.dials', finding(given)))).toEqual(expected)
    })
  })

  describe('the address of the own client, by a variable of Nomad, with a port of the target', () => {
    const target = group({
      name: 'db',
      network: { mode: 'bridge', ports: [{ label: 'p', static: 17_777, to: 6379, hostNetwork: 'default' }] },
    })
    const calls = (text: string, known = true): Finding => ({
      source: task({ name: 'loop', config: { args: ['-c', text] } }),
      sourceGroup: group({ name: 'app', network: { mode: 'bridge', ports: [{ label: 'x', hostNetwork: 'default' }] } }),
      target,
      ...(known ? { rendered: { NOMAD_HOST_IP_x: '10.77.83.11', NOMAD_IP_x: '10.77.83.11' } } : {}),
      names: { port: 'p' },
    })
    const there = [['10.77.83.11', 17_777]]
    test.each<[string, Finding, unknown]>([
      ['as a shell reads it', calls('wget -qO- http://$NOMAD_HOST_IP_x:17777/'), there],
      ['as Nomad fills it in', calls('nc ${NOMAD_IP_x} 17777'), there],
      ['whose value is not known', calls('nc $NOMAD_HOST_IP_x 17777', false), undefined],
      ['where it listens itself', calls('serve --listen ${NOMAD_IP_x}:17777'), undefined],
      ['with another port than the target has', calls('wget http://$NOMAD_HOST_IP_x:9100/'), undefined],
    ])('%s', (_, given, expected) => {
      expect(places(derived('path.dials', finding(given)))).toEqual(expected)
    })

    test('is a fixed address, known before the task runs', () => {
      expect(valueOf(derived('path.discovery', finding(calls('nc $NOMAD_HOST_IP_x 17777', false))))).toBe(
        'fixed-address',
      )
    })
  })

  test('from outside only the person knows', () => {
    expect(places(derived('path.dials', { links: nobody }))).toEqual([])
    expect(places(derived('path.dials', { links: nobody, names: { caller: 'outside', dials: ':80' } }))).toEqual([
      ['', 80],
    ])
  })
})
