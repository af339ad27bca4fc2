import * as fc from 'fast-check'

/** Pieces of bodies and of values, right and wrong. */
const pieces = [
  String.raw`a = ¦b = ¦c-d = ¦a=¦"a" = ¦task "x" {¦config {¦{¦}¦[¦]¦,¦(¦)¦max(¦1¦-2¦0.5¦007¦1e3¦1.¦- 1¦true¦null¦var.x`,
  String.raw`for¦a.0¦a-¦x.for¦"x"¦"\n"¦"\q"¦"\u00e9"¦"é"¦"$"¦":¦EOT¦%%{¦# c¦/* c */¦=¦:¦ ¦"%{a}"`,
  '"${a.b}"¦"$${a}"¦"${ x }"¦"${for}"¦${a}¦<<EOT\n¦<<-A\n¦EOT\n¦  EOT\n¦A\n¦// c\n¦\n¦\n¦\n¦\t¦\r\n¦\u00a0¦\u2028¦\ufeff¦\0',
  'a == b¦ && ¦ - ¦!¦ ? 1 : 2¦[for x in y : x if z]¦{ for k, v in a : k => v }¦a["b"].c¦[0]¦[*]¦...¦ // ¦ + ¦<<E\nE\n',
  '"${a ? "b" : f("c")}"¦"$${a == "b"}"¦%{ if a }¦%{ else }¦%{ endif ~}¦%{ for a, b in c }¦%{ endfor }¦$$${¦${f("}")}¦"${¦}"',
].flatMap((all) => all.split('¦'))
/** Any of them, one after another. */
export const anyPieces = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join(''))
