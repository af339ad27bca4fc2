import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  OptionError,
  readOptions,
  type Environment,
  type Flags,
  type SourceOptions,
} from '../../src/sources/options.ts'
import { certificate } from './certificate.ts'

const own = certificate()
let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nd-options-'))
  await mkdir(join(dir, 'cas'))
  await mkdir(join(dir, 'none'))
  await writeFile(join(dir, 'cert.pem'), own.cert)
  await writeFile(join(dir, 'key.pem'), own.key)
  await writeFile(join(dir, 'cas', 'a.pem'), own.cert)
  await writeFile(join(dir, 'cas', 'b.crt'), own.cert)
  await writeFile(join(dir, 'cas', 'README'), 'x')
  await writeFile(join(dir, 'text'), 'hello there')
  await writeFile(join(dir, 'token'), 'from-file\n')
})
afterAll(() => rm(dir, { recursive: true }))

async function read(env: Environment, flags: Flags = {}): Promise<SourceOptions> {
  const options = await readOptions(flags, env)
  if (options instanceof OptionError) throw new Error(options.message)
  return options
}
async function wrong(env: Environment, flags: Flags = {}): Promise<string> {
  const options = await readOptions(flags, env)
  return options instanceof OptionError ? options.message : 'fine'
}

describe('options', () => {
  it('begin with the usual local addresses', async () => {
    const options = await read({})
    expect(options.nomad).toMatchObject({ origin: 'http://127.0.0.1:4646' })
    expect(options.consul).toMatchObject({ origin: 'http://127.0.0.1:8500' })
    expect(options).toMatchObject({ ssh: undefined, sudo: false })
  })
  it('say how long a command on a client may take, in whole seconds', async () => {
    expect(await read({})).toMatchObject({ patience: 15_000 })
    expect(await read({ NETDOCTOR_SSH_TIMEOUT: '60' })).toMatchObject({ patience: 60_000 })
    expect(await read({ NETDOCTOR_SSH_TIMEOUT: '60' }, { 'ssh-timeout': '5' })).toMatchObject({ patience: 5000 })
    for (const bad of ['0', '-1', '1.5', '15s', '3601', 'x', '1e3'])
      expect(await wrong({}, { 'ssh-timeout': bad })).toBe(
        `--ssh-timeout: ${bad}: expected a whole number of seconds, from 1 to 3600`,
      )
  })
  it('come from the usual variables', async () => {
    const { nomad, consul } = await read({
      NOMAD_ADDR: 'https://nomad.example:4646/',
      NOMAD_TOKEN: 'tok',
      NOMAD_REGION: 'eu',
      NOMAD_NAMESPACE: 'prod',
      NOMAD_HTTP_AUTH: 'u:p',
      NOMAD_CACERT: join(dir, 'cert.pem'),
      NOMAD_CLIENT_CERT: join(dir, 'cert.pem'),
      NOMAD_CLIENT_KEY: join(dir, 'key.pem'),
      NOMAD_TLS_SERVER_NAME: 'server.eu.nomad',
      NOMAD_SKIP_VERIFY: 'TRUE',
      CONSUL_HTTP_ADDR: 'consul.example:8501',
      CONSUL_HTTP_SSL: '1',
      CONSUL_HTTP_SSL_VERIFY: 'false',
      CONSUL_HTTP_TOKEN_FILE: join(dir, 'token'),
      CONSUL_CAPATH: join(dir, 'cas'),
      CONSUL_TLS_SERVER_NAME: 'server.dc1.consul',
      CONSUL_NAMESPACE: 'ns',
      CONSUL_DATACENTER: 'dc2',
    })
    expect(nomad).toEqual({
      origin: 'https://nomad.example:4646',
      token: 'tok',
      auth: 'u:p',
      namespace: 'prod',
      region: 'eu',
      tls: { ca: [own.cert], cert: own.cert, key: own.key, serverName: 'server.eu.nomad', skipVerify: true },
    })
    expect(consul).toMatchObject({
      origin: 'https://consul.example:8501',
      token: 'from-file',
      namespace: 'ns',
      datacenter: 'dc2',
    })
    expect(consul.tls).toMatchObject({ ca: [own.cert, own.cert], serverName: 'server.dc1.consul', skipVerify: true })
  })
  it('come from flags first', async () => {
    const { nomad, consul, ssh, sudo } = await read(
      { NOMAD_ADDR: 'not an address', NOMAD_TOKEN: 'env', CONSUL_HTTP_TOKEN: 'env' },
      {
        address: '10.0.0.1:4646',
        token: 'flag',
        'consul-token': 'flag',
        'tls-skip-verify': true,
        ssh: 'me@{address}',
        sudo: true,
      },
    )
    expect(nomad).toMatchObject({ origin: 'http://10.0.0.1:4646', token: 'flag', tls: { skipVerify: true } })
    expect(consul.token).toBe('flag')
    expect({ ssh, sudo }).toEqual({ ssh: 'me@{address}', sudo: true })
  })
  it('know unix sockets, IPv6 and empty variables', async () => {
    expect((await read({ NOMAD_ADDR: 'unix:///run/nomad.sock' })).nomad).toMatchObject({
      socketPath: '/run/nomad.sock',
    })
    expect((await read({ NOMAD_ADDR: 'http://[fd00::1]:4646' })).nomad.origin).toBe('http://[fd00::1]:4646')
    expect((await read({ NOMAD_ADDR: '', NOMAD_TOKEN: '' })).nomad).toMatchObject({
      origin: 'http://127.0.0.1:4646',
      token: undefined,
    })
  })
  it('name what is wrong with them', async () => {
    expect(await wrong({ NOMAD_ADDR: 'http://' })).toMatch(/^NOMAD_ADDR: "http:\/\/" is not an address/)
    expect(await wrong({}, { address: 'ftp://x' })).toMatch(/^--address: "ftp:\/\/x" must begin with/)
    expect(await wrong({ NOMAD_ADDR: 'http://u:p@x:1' })).toMatch(/^NOMAD_ADDR: holds a user/)
    expect(await wrong({ NOMAD_ADDR: 'http://x:1/v1' })).toContain('must not hold a path')
    expect(await wrong({ NOMAD_CACERT: join(dir, 'nowhere') })).toBe(
      `NOMAD_CACERT: ${join(dir, 'nowhere')}: no such file or folder`,
    )
    expect(await wrong({}, { 'ca-cert': dir })).toBe(`--ca-cert: ${dir}: is a folder`)
    expect(await wrong({ NOMAD_CACERT: join(dir, 'text') })).toContain('holds no PEM certificate')
    expect(await wrong({ NOMAD_CAPATH: join(dir, 'none') })).toContain('holds no .pem or .crt file')
    expect(await wrong({ NOMAD_CAPATH: join(dir, 'text') })).toContain('is not a folder')
    expect(await wrong({ NOMAD_CLIENT_CERT: join(dir, 'cert.pem') })).toMatch(/^NOMAD_CLIENT_CERT: needs the key/)
    expect(await wrong({ NOMAD_CLIENT_KEY: join(dir, 'key.pem') })).toMatch(/^NOMAD_CLIENT_KEY: needs the certificate/)
    expect(await wrong({ NOMAD_TOKEN: 'two words' })).toMatch(/^NOMAD_TOKEN: is not a token/)
    expect(await wrong({ NOMAD_TOKEN: 'two words' })).not.toContain('two words')
    expect(await wrong({ NOMAD_SKIP_VERIFY: 'yes' })).toBe('NOMAD_SKIP_VERIFY: "yes" is neither true nor false')
    expect(await wrong({ CONSUL_HTTP_TOKEN_FILE: join(dir, 'text') })).toContain('holds no token')
  })
})
