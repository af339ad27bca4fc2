import { expect, test } from 'vitest'
import { ignoresIn } from '../../src/jobfile/ignores.ts'

const file = (above: string, attribute: string, inside = '') => `job "j" {
  group "g" {
    ${above}
    task "t" {
      template {
        ${attribute}
        data = <<EOT
A={{ x }}
${inside}
EOT
        env = true
      }
    }
  }
}
`
const ignore = '# netdoctor:ignore template-wrong-catalog known'
const linesOf = (text: string) => ignoresIn(text).map(({ of }) => of)

test('above a heredoc, or in front of its block, a comment counts for its text', () => {
  expect(linesOf(file('', ignore))).toEqual([[7, 8, 9, 10]])
  expect(linesOf(file('', '').replace('template {', `template { ${ignore}`))).toEqual([[5, 7, 8, 9, 10]])
})

test('above another attribute, or further out, it does not', () => {
  expect(linesOf(file('', `${ignore}\n        env = true`))).toEqual([[7]])
  expect(linesOf(file(ignore, ''))).toEqual([[4]])
  expect(linesOf(file('', '', ignore))).toEqual([])
})
