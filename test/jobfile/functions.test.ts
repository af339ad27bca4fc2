import { expect, test } from 'vitest'
import { value } from './parsed.ts'

/** What Nomad 2.0.6 makes of each of these. */
test.each<[expression: string, value: unknown]>([
  ['md5("a")', '0cc175b9c0f1b6a831c399e269772661'],
  ['sha1("a")', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['sha256("a")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ['substr(sha512("ä"), 0, 32)', '64868c5784a6004e675bcf405f549369'],
  ['uuidv5("dns", "example.com")', 'cfbff0d1-9375-5685-968c-48ce8b15ae17'],
  ['uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a")', '4f3f2898-69e3-5a0d-820a-c4e87987dbce'],
  ['dirname("a//b/")', 'a/b'],
  ['dirname("x")', '.'],
  ['dirname("/")', '/'],
  ['formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")', '02 Jan 2018 23:12 UTC'],
  [
    `formatdate("EEEE, DD-MMM-YY HH:mm:ssAA 'at' aa ZZZZZ ZZZZ Z", "2018-01-02T23:12:01+02:00")`,
    'Tuesday, 02-Jan-18 11:12:01PM at pm +02:00 +0200 +02:00',
  ],
  [`formatdate("'it''s' YYYY", "2018-01-02T03:02:01Z")`, "it's 2018"],
  ['formatdate("HH AA Z", "2018-01-02T00:02:01-00:00")', '12 AM Z'],
  ['timeadd("2017-11-22T00:00:00Z", "10m")', '2017-11-22T00:10:00Z'],
  ['timeadd("2017-11-22T00:00:00+02:00", "-1h30m0.5s")', '2017-11-21T22:29:59+02:00'],
  ['timeadd("2017-11-22T00:00:00.5Z", "1.5h")', '2017-11-22T01:30:00Z'],
  [
    'csvdecode("a,b\\n1,\\"x,\\"\\"y\\"\\n\\n3,\\n")',
    [
      { a: '1', b: 'x,"y' },
      { a: '3', b: '' },
    ],
  ],
  ['csvdecode("a,b\\n")', []],
  ['cidrsubnets("10.0.0.0/8", 8, 4, 8)', ['10.0.0.0/16', '10.16.0.0/12', '10.32.0.0/16']],
  ['yamldecode("{\\"a\\": [1, null]}")', { a: [1, null] }],
  [
    'yamlencode({a = 1, b = "x: y", c = [1, {d = 2, e = [3]}, [4]], d = {}, e = []})',
    '"a": 1\n"b": "x: y"\n"c":\n- 1\n- "d": 2\n  "e":\n  - 3\n- - 4\n"d": {}\n"e": []\n',
  ],
  ['yamlencode({k = {a = "x\\ny\\n", b = "x\\ny"}})', '"k":\n  "a": |\n    x\n    y\n  "b": |-\n    x\n    y\n'],
  ['jsonencode("<b> & c")', '"\\u003cb\\u003e \\u0026 c"'],
])('%s', async (expression, expected) => {
  expect(await value(expression)).toEqual(expected)
})

test.each([
  'uuidv5("nope", "a")',
  'formatdate("q", "2018-01-02T03:02:01Z")',
  'formatdate("YYYY", "2018-02-30T03:02:01Z")',
  'formatdate("YYYY", "2018-02-20")',
  'timeadd("2017-11-22T00:00:00Z", "1d")',
  'csvdecode("a,b\\n1\\n")',
  'csvdecode("")',
  'cidrsubnets("10.0.0.0/24", 4, 9)',
  'timestamp()',
])('%s is an error to Nomad', async (expression) => {
  expect(await value(`can(${expression})`)).toBe(false)
})

test.each(['bcrypt("x")', 'uuidv4()', 'file("x")', 'yamldecode("a: yes")', 'yamlencode("ä")'])(
  '%s is left open',
  async (expression) => {
    expect(await value(`can(${expression})`)).toMatch(/^not evaluable: /)
  },
)
