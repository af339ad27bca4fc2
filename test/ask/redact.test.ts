import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import { mayHold, redactor } from '../../src/ask/redact.ts'

const secret = 'hunter2-and-more'
const hidden = '<secret hidden>'

it.each([
  ['a job', `{"Env":{"API_TOKEN":"${secret}","PORT":"8080"}}`, `{"Env":{"API_TOKEN":"${hidden}","PORT":"8080"}}`],
  [
    'a short name',
    `["DB_PASS=${secret}","DB_PWD=${secret}","PWD=/srv/app"]`,
    `["DB_PASS=${hidden}","DB_PWD=${hidden}","PWD=/srv/app"]`,
  ],
  ['a container', `["DB_PASSWORD=${secret}","A=b"]`, `["DB_PASSWORD=${hidden}","A=b"]`],
  ['an environment', `A=b\nMY_SECRET=${secret}\nC=d\n`, `A=b\nMY_SECRET=${hidden}\nC=d\n`],
  [
    'a job file inside JSON',
    String.raw`{"Source":"env {\n  API_KEY = \"${secret}\"\n}"}`,
    String.raw`{"Source":"env {\n  API_KEY = \"${hidden}\"\n}"}`,
  ],
  ['a job file', `  db_password = "${secret}"\n  image = "x"`, `  db_password = "${hidden}"\n  image = "x"`],
  [
    'a plan',
    `{"Name":"Env[API_TOKEN]","New":"${secret}","Old":"before-that","Type":"Edited"}`,
    `{"Name":"Env[API_TOKEN]","New":"${hidden}","Old":"${hidden}","Type":"Edited"}`,
  ],
  ['an object', `env = { "API_TOKEN" = "${secret}", B : "c" }`, `env = { "API_TOKEN" = "${hidden}", B : "c" }`],
  [
    'a text over several lines',
    `  API_TOKEN = <<-EOT\n    ${secret}\n\n    short\n  EOT\n  B = "c"`,
    `  API_TOKEN = <<-EOT\n    ${hidden}\n\n    ${hidden}\n  EOT\n  B = "c"`,
  ],
  [
    'such a text inside JSON',
    String.raw`{"Source":"API_TOKEN = <<EOT\n${secret}\nshort\nEOT\nB = \"c\"\n"}`,
    String.raw`{"Source":"API_TOKEN = <<EOT\n${hidden}\n${hidden}\nEOT\nB = \"c\"\n"}`,
  ],
  [
    'a variable',
    `variable "db_password" {\n  type    = string\n  default = "${secret}"\n}`,
    `variable "db_password" {\n  type    = string\n  default = "${hidden}"\n}`,
  ],
  ['arguments', `args = ["--api-token", "${secret}", "-v"]`, `args = ["--api-token", "${hidden}", "-v"]`],
  ['YAML', `port: 80\n  password: ${secret}\nhost: a`, `port: 80\n  password: ${hidden}\nhost: a`],
  [
    'a template inside JSON',
    String.raw`"port: 80\n- token: ${secret}\n"`,
    String.raw`"port: 80\n- token: ${hidden}\n"`,
  ],
  [
    'several lines inside JSON',
    String.raw`{"A_TOKEN":"${secret}\nmore"}`,
    String.raw`{"A_TOKEN":"${hidden}\n${hidden}"}`,
  ],
  [
    'an environment in capitals',
    `JWT=a.b.c\nPGPASS=x1\nSESSION=abc\nCOOKIE_SECRET=${secret}\nSTRIPE_PRIVATE_KEY=${secret}\nAWS_CREDENTIAL=q\nAPP_COOKIE=s\n`,
    `JWT=${hidden}\nPGPASS=${hidden}\nSESSION=${hidden}\nCOOKIE_SECRET=${hidden}\nSTRIPE_PRIVATE_KEY=${hidden}\nAWS_CREDENTIAL=${hidden}\nAPP_COOKIE=${hidden}\n`,
  ],
  [
    'a log',
    `GET / Authorization: Bearer xyz 200\nauthorization="basic dTpw"\nuses bearer abcd1234\nCookie: sid=1; a=b\nset-cookie: sid=2\n`,
    `GET / Authorization: Bearer ${hidden} 200\nauthorization="basic ${hidden}"\nuses bearer ${hidden}\nCookie: ${hidden}\nset-cookie: ${hidden}\n`,
  ],
  ['headers in JSON', `{"Authorization":["Bearer ${secret}"]}`, `{"Authorization":["Bearer ${hidden}"]}`],
  ['a token by its form', 'got eyJhbGciOi.eyJzdWIi.c2ln now', `got ${hidden} now`],
  [
    'a private key',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd==\n-----END RSA PRIVATE KEY-----\nA=b',
    `-----BEGIN RSA PRIVATE KEY-----\n${hidden}\n${hidden}\n-----END RSA PRIVATE KEY-----\nA=b`,
  ],
  [
    'a private key inside JSON',
    String.raw`{"Data":"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n","A":"b"}`,
    String.raw`{"Data":"-----BEGIN PRIVATE KEY-----\n${hidden}\n-----END PRIVATE KEY-----\n","A":"b"}`,
  ],
  [
    'a private key in a variable',
    'KEY_PEM=-----BEGIN PRIVATE KEY-----\nMIIE',
    `KEY_PEM=-----BEGIN PRIVATE KEY-----\n${hidden}`,
  ],
  ['an address', `postgres://me:${secret}@10.0.0.1:5432/x`, `postgres://me:${hidden}@10.0.0.1:5432/x`],
])('%s keeps no secret, and all else', (_, given, kept) => expect(redactor().text(given)).toBe(kept))

it.each([
  '{"API_TOKEN":"${NOMAD_TOKEN}"}',
  '{"API_TOKEN":""}',
  'TOKEN_FILE=/secrets/token',
  '{"plugins.secrets.vault.version":"1.0.0","NomadTokenID":"6060f3a1-c6b2","PrivateKeyType":"ec"}',
  'TOKEN_SERVICE=auth.service.consul:8080 SECRET_STORE=10.0.0.1:8200 CREDENTIALS=http://10.0.0.2/',
  'SECRET_SERVICE_ADDR=10.0.0.1:8080',
  '{"Env":{"A":"b"},"TokenTTL":30}',
  '[DEBUG] secret token: none is needed',
  'SESSION_TIMEOUT=30 SESSION_STORE=redis-0 "sessionAffinity":"ClientIP" session=open cookie: none',
  'WWW-Authenticate: Bearer realm="api", error="invalid_token"; Bearer token is missing; the bearer of this',
  '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
  '',
])('%s says where something is, or nothing, and stays', (given) => expect(redactor().text(given)).toBe(given))

it('a secret that was seen is taken out wherever it occurs later; a number is not', () => {
  const { text, request } = redactor()
  text(`{"API_TOKEN":"${secret}","PIN_SECRET":"12345678"}`)
  expect(text(`GET /?key=${secret} from 10.0.0.1 port 12345678`)).toBe(
    `GET /?key=${hidden} from 10.0.0.1 port 12345678`,
  )
  const plan = nomad.plan('a', { ID: 'a', Env: { X_TOKEN: 'other-secret' } })
  expect(JSON.stringify(request(plan))).not.toContain('other-secret')
  expect(request(plan)).toMatchObject({ path: '/v1/job/a/plan', body: { Job: { ID: 'a' } } })
  expect(request(nomad.nodes())).toEqual(nomad.nodes())
})

it('a plain word may be a name: it is taken out where it is a secret, and nowhere else', () => {
  const { text } = redactor()
  expect(text('API_TOKEN=orders-api')).toBe(`API_TOKEN=${hidden}`)
  expect(text('{"Name":"orders-api"}')).toBe('{"Name":"orders-api"}')
})

it('what is redacted is not redacted again', () => {
  const { text } = redactor()
  const once = text(
    `API_TOKEN=${secret} {"X_SECRET":"${secret}"} Bearer xyz\nCookie: a=b\n-----BEGIN PRIVATE KEY-----\nMIIE\n`,
  )
  expect(text(once)).toBe(once)
})

const pieces = (
  String.raw`API_TOKEN X_Secret SESSION App_Cookie PGPASS jwt dB_pass privateKey -token --api-key TOKEN_FILE Path x - . " \" \ : = ` +
  String.raw`, { } [ ] <<EOT <<-eot EOT 0 a1 null "" \n variable default = "Name":"Env[ ]","New":" ]","Old":" \":`
).split(' ')
it('a text that is not searched holds nothing that a search would take out', () => {
  const texts = fc
    .array(fc.constantFrom(...pieces, ' ', '\n', 'variable "'), { maxLength: 14 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(!mayHold(text))
      // The pair behind it makes the search happen.
      expect(redactor().text(`${text}\n;A_TOKEN=${secret}`)).toBe(`${text}\n;A_TOKEN=${hidden}`)
    }),
    { numRuns: 20_000 },
  )
})
