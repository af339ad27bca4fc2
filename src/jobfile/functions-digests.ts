/** Digests, as hexadecimal text. */
import { createHash } from 'node:crypto'
import type { Func } from './functions.ts'
import { text } from './functions-texts.ts'
import { refuse } from './value.ts'

const digest =
  (kind: string): Func =>
  (of) =>
    createHash(kind).update(text(of), 'utf8').digest('hex')

/** https://www.rfc-editor.org/rfc/rfc4122#appendix-C */
const namespaces: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
}
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

function uuidv5(namespace: string, name: string) {
  const found = namespaces[namespace] ?? namespace
  if (!uuid.test(found)) return refuse(`uuidv5() doesn't support namespace ${namespace}`)
  const bytes = createHash('sha1')
    .update(Buffer.from(found.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export const digests: Readonly<Record<string, Func>> = {
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),
  sha512: digest('sha512'),
  uuidv5: (namespace, name) => uuidv5(text(namespace), text(name)),
}
