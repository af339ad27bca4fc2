import { expect, test } from 'vitest'
import { file } from './parsed.ts'

const job = (locals: string, value: string) =>
  `${locals}job "j" {\n  group "g" {\n    count = ${value}\n    network {\n      mode = "bridge"\n    }\n  }\n}\n`
const doubling = (next: (before: string) => string): string =>
  `locals {\n a0 = "x"\n${Array.from({ length: 60 }, (_, i) => ` a${i + 1} = ${next(`local.a${i}`)}\n`).join('')}}\n`
const chain = (next: (before: string) => string): string =>
  `locals {\n${Array.from({ length: 3000 }, (_, i) => ` a${3000 - i} = ${next(`local.a${2999 - i}`)}\n`).join('')} a0 = 1\n}\n`

// Each of these stands for more than any machine holds, or takes for ever.
test.each([
  [doubling((one) => `[${one}, ${one}]`), 'length(jsonencode(local.a60))'],
  [doubling((one) => `"\${${one}}\${${one}}"`), 'length(local.a60)'],
  [doubling((one) => `format("%s%s", ${one}, ${one})`), 'length(local.a60)'],
  [doubling((one) => `join(${one}, ["a", "b", "c"])`), 'length(local.a60)'],
  [doubling((one) => `replace(${one}, "x", "xx")`), 'length(local.a60)'],
  ['', 'length([for a in range(9999): [for b in range(9999): [for c in range(9999): c]]])'],
  ['', 'length([for a in range(9999): a if length([for b in range(9999): b if b > a]) > 1])'],
  ['', 'length("%{for a in range(9999)}%{for b in range(9999)}%{for c in range(9999)}x%{endfor}%{endfor}%{endfor}")'],
  ['', 'length(setproduct(range(999), range(999), range(999)))'],
  ['', `length(replace("${'a'.repeat(50)}!", "/(a+)+$/", ""))`],
  ['', `length(regex_replace("${'a'.repeat(5000)}!", "a*a*a*a*$", ""))`],
  ['', `length(replace("${'a'.repeat(24)}!", "/(a|a|a|a)+$/", ""))`],
  ['', `length(regex_replace("", "(?:|||){50}x", ""))`],
  ['', `length(regex_replace("${'a'.repeat(30)}", "${'a?'.repeat(30)}${'a'.repeat(30)}b", ""))`],
  ['', 'max([for a in setproduct(range(400), range(400)): a[0]]...)'],
  [chain((one) => one), 'local.a3000'],
  [chain((one) => `[${one}]`), 'length(jsonencode(local.a3000))'],
])('%#: more than is worked out here is not known, and what does not need it is', async (locals, value) => {
  const found = await file(job(locals, value))
  expect(found.refused).toEqual([])
  expect(found.holes.said()).toEqual([expect.stringContaining('count: this is more than is worked out here')])
  expect(JSON.stringify(found.jobs[0]?.json)).toContain('"Mode":"bridge"')
})

test('dynamic blocks in dynamic blocks end', async () => {
  const many = (type: string, inside: string): string =>
    `dynamic "${type}" {\n for_each = range(2000)\n content {\n${inside}\n}\n}\n`
  const text = job('', '1').replace('    network', `${many('service', many('check', many('header', '')))}    network`)
  const found = await file(text)
  expect(found.holes.said()[0]).toContain('this is more than is worked out here')
})

test('what people write is worked out, however often it is asked for', async () => {
  const big = `locals {\n big = [for a in range(5000): "service-$\{a}.example.org"]\n}\n`
  const found = await file(job(big, 'length(distinct(setunion(local.big, local.big)))'))
  expect(found.holes.said()).toEqual([])
  expect(found.jobs[0]?.json).toMatchObject({ TaskGroups: [{ Count: 5000 }] })
})
