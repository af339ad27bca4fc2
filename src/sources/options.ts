import type { Endpoint, Tls } from './endpoint.ts'
import { usualPatience } from './spawn.ts'
import { OptionError, type Setting } from './option-error.ts'
import {
  isToken,
  readBoolean,
  readSeconds,
  readOrigin,
  readPem,
  readPemFolder,
  readTokenFile,
} from './option-values.ts'

export { OptionError } from './option-error.ts'

export interface SourceOptions {
  readonly nomad: Endpoint
  readonly consul: Endpoint
  readonly ssh: string | undefined
  readonly sudo: boolean
  /** Milliseconds for one command on a client machine. */
  readonly patience: number
}

export type Environment = Readonly<Record<string, string | undefined>>
/** Flags as `parseArgs` gives them; those of other purposes are not looked at. */
export type Flags = Readonly<Record<string, unknown>>

class Reader {
  readonly #flags: Flags
  readonly #env: Environment
  constructor(flags: Flags, env: Environment) {
    this.#flags = flags
    this.#env = env
  }
  get(flag: string | null, variable: string): Setting | null {
    const given = flag === null ? undefined : this.#flags[flag]
    if (typeof given === 'string' && given !== '') return { name: `--${flag}`, value: given }
    const value = this.#env[variable]
    return value === undefined || value === '' ? null : { name: variable, value }
  }
  text(flag: string | null, variable: string): string | undefined {
    return this.get(flag, variable)?.value
  }
  isSet(flag: string): boolean {
    return this.#flags[flag] === true
  }
  boolean(variable: string): boolean | undefined {
    const setting = this.get(null, variable)
    return setting === null ? undefined : readBoolean(setting)
  }
  token(flag: string, variable: string): string | undefined {
    const setting = this.get(flag, variable)
    if (setting && !isToken(setting.value))
      throw new OptionError(setting.name, 'is not a token: it holds spaces or control characters')
    return setting?.value
  }
}

type TlsSettings = Readonly<Record<'caCert' | 'caPath' | 'cert' | 'key', Setting | null>>

async function readTls(from: TlsSettings, serverName: string | undefined, skipVerify: boolean): Promise<Tls> {
  const { caCert, caPath, cert, key } = from
  if (cert && !key) throw new OptionError(cert.name, 'needs the key that belongs to it as well')
  if (key && !cert) throw new OptionError(key.name, 'needs the certificate that belongs to it as well')
  const ca = caCert ? [await readPem(caCert)] : caPath ? await readPemFolder(caPath) : undefined
  return {
    ca,
    cert: cert ? await readPem(cert) : undefined,
    key: key ? await readPem(key) : undefined,
    serverName,
    skipVerify,
  }
}

async function readNomad(from: Reader): Promise<Endpoint> {
  const address = from.get('address', 'NOMAD_ADDR') ?? { name: 'NOMAD_ADDR', value: 'http://127.0.0.1:4646' }
  const tls: TlsSettings = {
    caCert: from.get('ca-cert', 'NOMAD_CACERT'),
    caPath: from.get('ca-path', 'NOMAD_CAPATH'),
    cert: from.get('client-cert', 'NOMAD_CLIENT_CERT'),
    key: from.get('client-key', 'NOMAD_CLIENT_KEY'),
  }
  return {
    ...readOrigin(address, 'http', 4646),
    token: from.token('token', 'NOMAD_TOKEN'),
    auth: from.text(null, 'NOMAD_HTTP_AUTH'),
    namespace: from.text('namespace', 'NOMAD_NAMESPACE'),
    region: from.text('region', 'NOMAD_REGION'),
    tls: await readTls(
      tls,
      from.text('tls-server-name', 'NOMAD_TLS_SERVER_NAME'),
      from.isSet('tls-skip-verify') || from.boolean('NOMAD_SKIP_VERIFY') === true,
    ),
  }
}

async function readConsul(from: Reader): Promise<Endpoint> {
  const named = from.get('consul-address', 'CONSUL_HTTP_ADDR')
  const address = named ?? { name: 'CONSUL_HTTP_ADDR', value: '127.0.0.1:8500' }
  const tls: TlsSettings = {
    caCert: from.get(null, 'CONSUL_CACERT'),
    caPath: from.get(null, 'CONSUL_CAPATH'),
    cert: from.get(null, 'CONSUL_CLIENT_CERT'),
    key: from.get(null, 'CONSUL_CLIENT_KEY'),
  }
  const tokenFile = from.get(null, 'CONSUL_HTTP_TOKEN_FILE')
  return {
    ...readOrigin(address, from.boolean('CONSUL_HTTP_SSL') === true ? 'https' : 'http', 8500),
    ...(named ? {} : { assumed: true }),
    token: from.token('consul-token', 'CONSUL_HTTP_TOKEN') ?? (tokenFile ? await readTokenFile(tokenFile) : undefined),
    auth: from.text(null, 'CONSUL_HTTP_AUTH'),
    namespace: from.text(null, 'CONSUL_NAMESPACE'),
    partition: from.text(null, 'CONSUL_PARTITION'),
    datacenter: from.text(null, 'CONSUL_DATACENTER'),
    tls: await readTls(
      tls,
      from.text(null, 'CONSUL_TLS_SERVER_NAME'),
      from.boolean('CONSUL_HTTP_SSL_VERIFY') === false,
    ),
  }
}

/** Reads where to look and with which rights from flags, then from the usual variables. Never rejects. */
export async function readOptions(flags: Flags, env: Environment): Promise<SourceOptions | OptionError> {
  const from = new Reader(flags, env)
  try {
    const ssh = from.get('ssh', 'NETDOCTOR_SSH')
    if (ssh && /[\0\n\r]/.test(ssh.value)) throw new OptionError(ssh.name, 'holds control characters')
    if (ssh && !/\{(address|name|id)\}/.test(ssh.value))
      throw new OptionError(
        ssh.name,
        'needs {address}, {name} or {id}: one fixed machine would answer for every client',
      )
    const limit = from.get('ssh-timeout', 'NETDOCTOR_SSH_TIMEOUT')
    return {
      nomad: await readNomad(from),
      consul: await readConsul(from),
      ssh: ssh?.value,
      sudo: from.isSet('sudo'),
      patience: limit === null ? usualPatience : readSeconds(limit) * 1000,
    }
  } catch (error) {
    if (error instanceof OptionError) return error
    throw error
  }
}
