/** Self-signed certificates made by hand, so that tests need no tool for them. */
import { generateKeyPairSync, sign } from 'node:crypto'

const tlv = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const value = Buffer.concat(parts)
  const { length } = value
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}
const sequence = (...parts: Uint8Array[]) => tlv(0x30, ...parts)
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
const text = (value: string) => tlv(0x0c, Buffer.from(value))
const time = (date: Date) => tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
const extension = (id: string, value: Uint8Array) => sequence(oid(id), tlv(0x04, value))

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A certificate for 127.0.0.1 and the given names, valid from yesterday for `days`. */
export function certificate(names: readonly string[] = [], days = 2): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const name = sequence(tlv(0x31, sequence(oid('550403'), text('test'))))
  const start = new Date(Date.now() - 86_400_000)
  const validity = sequence(
    time(new Date(start.getTime() - 1000)),
    time(new Date(start.getTime() + days * 86_400_000 - 500)),
  )
  const hosts = [tlv(0x87, Buffer.from([127, 0, 0, 1])), ...names.map((host) => tlv(0x82, Buffer.from(host)))]
  const extensions = sequence(
    extension('551d11', sequence(...hosts)),
    extension('551d13', sequence(tlv(0x01, Buffer.from([255])))),
  )
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  )
  const signed = sequence(body, algorithm, tlv(0x03, Buffer.from([0]), sign('sha256', body, privateKey)))
  const lines = signed
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}
