import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCniFile } from '../../src/derive/rules/cni-file.ts'

const folder = 'test/corpus/agents/cni'
const read = (file: string) => readCniFile(file, readFileSync(`${folder}/${file}`, 'utf8'))

describe('a CNI file is read as the agent reads it', () => {
  test('a list with all that a bridge network needs', () => {
    expect(read('lan-bridge.conflist')).toMatchObject({
      error: null,
      network: { gateway: true, masquerade: true, mapsPorts: true, defaultRoute: true, snat: true },
    })
  })
  test.each([
    ['not-gateway.conflist', { gateway: false }],
    ['no-masq.conflist', { masquerade: false }],
    ['no-portmap.conflist', { mapsPorts: false }],
    ['no-route.conflist', { defaultRoute: false }],
    ['no-snat.conflist', { snat: false }],
    ['shared-admin.conflist', { adminChain: 'NOMAD-ADMIN' }],
    ['plant-macvlan.conflist', { bridge: null, subnets: ['192.168.50.0/24'] }],
  ])('%s', (file, network) => {
    expect(read(file).network).toMatchObject(network)
  })
  test.each<[string, string, RegExp]>([
    ['broken.conflist', readFileSync(`${folder}/broken.conflist`, 'utf8'), /no JSON/],
    ['list-in.conf', readFileSync(`${folder}/list-in.conf`, 'utf8'), /no type/],
    ['x.conflist', '{"plugins":[{"type":"bridge"}]}', /no name/],
    ['x.conflist', '{"name":"x"}', /no list of plugins/],
    ['x.conflist', '{"name":"x","plugins":[{}]}', /no type/],
    ['x.conflist', '[]', /no JSON object/],
    ['x.json', '', /no JSON/],
  ])('%s is refused: %s', (file, text, error) => {
    expect(readCniFile(file, text)).toMatchObject({ error: expect.stringMatching(error) as string, network: null })
  })
  test('whatever is in it, reading neither throws nor finds a network beside an error', () => {
    fc.assert(
      fc.property(fc.constantFrom('a.conflist', 'a.conf'), fc.oneof(fc.string(), fc.json()), (file, text) => {
        const { error, network } = readCniFile(file, text)
        expect(error === null).toBe(network !== null)
      }),
    )
  })
})
