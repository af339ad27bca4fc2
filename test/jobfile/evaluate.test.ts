import { expect, test } from 'vitest'
import { value } from './parsed.ts'

const around = `
variable "count" {
  type    = number
  default = 2
}
variable "unset" {}
variable "map" {
  default = { b = 2, a = 1 }
}
locals {
  hosts = ["db", "web"]
  twice = [for h in local.hosts : upper(h)]
  loop  = local.loop
}
`

test.each<[expression: string, value: unknown]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['-var.count', -2],
  ['!true || 1 < 2 && "a" != "b"', true],
  ['7 % 4 == 3 ? "yes" : "no"', 'yes'],
  ['"a${var.count}b"', 'a2b'],
  ['"${var.count}"', 2],
  ['"$${x} %%{y} \\"q\\" \\u0041"', '${x} %{y} "q" A'],
  ['"x ${~ "y" ~} z"', 'xyz'],
  ['"%{ if var.count > 1 }many%{ else }one%{ endif }"', 'many'],
  ['"%{ for i, h in local.hosts ~} ${i}=${h} %{~ endfor }"', '0=db1=web'],
  ['local.twice', ['DB', 'WEB']],
  ['[for k, v in var.map : "${k}${v}" if v > 1]', ['b2']],
  ['{for h in local.hosts : h => length(h)}', { db: 2, web: 3 }],
  ['{for h in ["a1", "a2", "b1"] : substr(h, 0, 1) => h...}', { a: ['a1', 'a2'], b: ['b1'] }],
  ['{ "k" = 1, n : 2, (upper("x")) = 3 }', { k: 1, n: 2, X: 3 }],
  ['local.hosts[1]', 'web'],
  ['local.hosts.0', 'db'],
  ['var.map["a"]', 1],
  ['[{ p = 1 }, { p = 2 }][*].p', [1, 2]],
  ['[{ p = 1 }, { p = 2 }].*.p', [1, 2]],
  ['format("%s-%03d %v %q %.1f%%", "a", 7, true, "q", 2.25)', 'a-007 true "q" 2.3%'],
  ['join(",", concat(["a"], ["b"]))', 'a,b'],
  ['replace("a.b.c", ".", "-")', 'a-b-c'],
  ['replace("api-eu-1", "/(-[a-z0-9]+)+$/", "")', 'api'],
  ['regex_replace("web-1", "([a-z]+)-(\\\\d)", "$2-$1")', '1-web'],
  ['lookup({ a = 1 }, "b", 9)', 9],
  ['merge({ a = 1 }, { b = 2 })', { a: 1, b: 2 }],
  ['keys(var.map)', ['a', 'b']],
  ['element(["a", "b"], 3)', 'b'],
  ['setunion(["b", "a", "b"])', ['a', 'b']],
  ['cidrhost("10.1.2.0/24", 5)', '10.1.2.5'],
  ['cidrhost("10.1.2.0/24", -1)', '10.1.2.255'],
  ['cidrnetmask("172.26.64.0/20")', '255.255.240.0'],
  ['cidrsubnet("172.16.0.0/12", 4, 2)', '172.18.0.0/16'],
  ['basename("/etc/nginx/default.conf")', 'default.conf'],
  ['range(1, 4)', [1, 2, 3]],
  ['max(1, [3, 2]...)', 3],
  ['coalesce("", "x")', 'x'],
  ['jsonencode({ a = [1, null] })', '{"a":[1,null]}'],
  ['try(var.map.zzz, "else")', 'else'],
  ['can(var.map.zzz)', false],
  ['split(",", "a,b")', ['a', 'b']],
  ['true ? "a" : false ? "b" : "c"', 'a'],
  ['false ? "a" : true ? "b" : false ? "c" : "d"', 'b'],
  ['false ? "a" : false ? "b" : false ? "c" : "d"', 'd'],
  ['(false ? true : false) ? "b" : "c"', 'c'],
  ['true ? false ? "a" : "b" : "c"', 'b'],
  ['trim("--a--", "-")', 'a'],
  ['base64decode(base64encode("é"))', 'é'],
])('%s', async (expression, expected) => {
  expect(await value(expression, around)).toEqual(expected)
})

test.each<[expression: string, text: string]>([
  ['"${NOMAD_PORT_http}"', '${NOMAD_PORT_http}'],
  ['NOMAD_PORT_http', '${NOMAD_PORT_http}'],
  ['"http://${attr.unique.network.ip-address}:80"', 'http://${attr.unique.network.ip-address}:80'],
  ['"${env["HOME"]}/x ${node.class} ${meta.a}"', '${env["HOME"]}/x ${node.class} ${meta.a}'],
  ['upper("${node.class}")', '${NODE.CLASS}'],
])('%s stays the text that Nomad fills in at run time', async (expression, text) => {
  expect(await value(expression, around)).toBe(text)
})

test.each<[expression: string, why: RegExp]>([
  ['var.unset', /variable "unset" has no value/],
  ['"a-${var.unset}"', /has no value/],
  ['[var.unset][0]', /has no value/],
  ['try(var.unset, 1)', /has no value/],
  ['var.count > 1 ? var.unset : 1', /has no value/],
  ['local.loop', /refers to itself/],
  ['file("x")', /only the machine/],
  ['uuidv4()', /only the machine/],
  ['nosuch(1)', /no function named/],
  ['1 / 0', /division by zero/],
  ['range(0, 1, 0)', /does not end/],
])('%s is not evaluable', async (expression, why) => {
  expect(await value(expression, around)).toMatch(why)
})

test('a part that is not evaluable leaves the rest of a list and of a map', async () => {
  expect(await value('keys({ a = var.unset, b = 1 })', around)).toEqual(['a', 'b'])
  expect(await value('length([var.unset, 1])', around)).toBe(2)
  expect(await value('var.count < 1 ? var.unset : 1', around)).toBe(1)
})

test('a heredoc with <<- loses the white space that all its lines share', async () => {
  const text = '<<-EOT\n    a:\n      ${1 + 1}\n\n    b\n    EOT'
  expect(await value(text)).toBe('a:\n  2\n\nb\n')
  expect(await value('<<EOT\n  a "q" \\n\n  EOT')).toBe('  a "q" \\n\n')
  expect(await value('<<EOT\nEOT')).toBe('')
})
