/** Bodies of attributes and blocks with values of the plain kind, and a few that are nearly such. */
import * as fc from 'fast-check'

type Text = fc.Arbitrary<string>
const all = (...parts: readonly (string | Text)[]): Text =>
  fc.tuple(...parts.map((one) => (typeof one === 'string' ? fc.constant(one) : one))).map((found) => found.join(''))
const some = (one: Text): Text => fc.array(one, { maxLength: 3 }).map((found) => found.join(''))
const either = (...words: readonly string[]): Text => fc.constantFrom(...words)
const words = (line: string): Text => either(...line.split('¦'))

const word = words('a¦b-c¦var¦true¦false¦null¦if¦in¦else¦endif¦forx¦x1¦_')
const gap = words('¦¦ ¦\n¦ # c\n¦\n// "{d\n\n ¦\t')
const blank = words('¦ ¦\t')
const end = words('¦ # e¦ // {')
const said = words('a¦ ¦  ¦\t¦$¦$$¦%¦$${¦%%{¦}¦{¦#¦//¦~¦é¦💥¦\u00A0¦\u0085¦\u2028¦\u3000')
const escape = words(String.raw`\n¦\"¦\\¦\t¦`)
const strip = words('¦~')
const operator = words(' || ¦ && ¦ == ¦ != ¦ <= ¦ >= ¦ < ¦ > ¦ + ¦ * ¦ - ¦ / ¦ % ')

const sizes = { depthSize: 'small', withCrossShrink: true } as const

const { value, template } = fc.letrec<{ value: string; term: string; template: string; quoted: string }>((tie) => {
  const [value, quoted, template] = [tie('value'), tie('quoted'), tie('template')]
  const told = (what: string | Text) => all('%{', strip, blank, what, blank, strip, '}')
  const head = all('for ', word, fc.oneof(fc.constant(''), all(blank, ', ', word)), ' in ', value)
  const test = fc.oneof(fc.constant(''), all(' if ', value))
  const member = all(fc.oneof(word, quoted), blank, either('=', ':'), blank, value, words(',¦, # c\n¦\n¦\n\n'), gap)
  return {
    template: fc.oneof(
      sizes,
      said,
      all(said, template),
      all('${', strip, blank, value, blank, strip, '}', template),
      all(told(all('if ', value)), template, told('endif'), said),
      all(told(all('if ', value)), template, told('else'), template, told('endif')),
      all(told(head), template, told('endfor')),
    ),
    quoted: all('"', escape, fc.oneof(sizes, said, template), escape, '"'),
    term: fc.oneof(
      sizes,
      word,
      words('0¦1¦-2¦3.5¦- 4¦!a¦-a.b¦!!a¦"x"¦""¦" y "¦f(b).c[0]'),
      quoted,
      all(word, '.', word),
      all(word, '[', value, ']', words('¦.a')),
      all('(', blank, value, blank, ')'),
      all('f(', gap, some(all(value, gap, ',', gap)), fc.oneof(value, gap), ')'),
      all('[', gap, some(all(value, gap, ',', gap)), fc.oneof(value, gap), ']'),
      all('{', gap, some(member), '}'),
      all('[', head, blank, ':', blank, value, test, gap, ']'),
      all('{', blank, head, ' : ', value, ' => ', value, test, gap, '}'),
    ),
    value: fc.oneof(
      sizes,
      tie('term'),
      all(words('!¦-¦- '), tie('term')),
      all(tie('term'), operator, value),
      all(value, blank, '?', blank, value, blank, ':', blank, value),
    ),
  }
})
const heredoc = all('<<', words('¦-'), 'EOT\n', some(all(blank, template, words('¦"¦EO'), '\n')), '  EOT')

/** Names differ, as an attribute stands once in a body. */
export const anyBody: Text = fc
  .array(fc.tuple(gap, fc.oneof(value, heredoc), end, fc.boolean()), { maxLength: 3 })
  .map((members) =>
    members
      .map(([before, one, after, inside], i) => {
        const attribute = `a${i} = ${one}${after}\n`
        return inside ? `${before}b "l ${i}" c { # x\n${before}  ${attribute}${before}}${after}\n` : before + attribute
      })
      .join(''),
  )
