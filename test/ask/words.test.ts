import { array, assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { WordsError, wordsOf } from '../../src/ask/words.ts'
import { quoteAll } from '../../src/sources/quote.ts'

test.each<[text: string, words: readonly string[]]>([
  ['sysctl -w net.ipv4.ip_forward=1', ['sysctl', '-w', 'net.ipv4.ip_forward=1']],
  ['  iptables \t-P  FORWARD ACCEPT ', ['iptables', '-P', 'FORWARD', 'ACCEPT']],
  [
    `iptables -A FORWARD -m comment --comment "two words" -j ACCEPT`,
    ['iptables', '-A', 'FORWARD', '-m', 'comment', '--comment', 'two words', '-j', 'ACCEPT'],
  ],
  [`a 'it''s $HOME;' "say \\"so\\"" b\\ c ''`, ['a', 'its $HOME;', 'say "so"', 'b c', '']],
  ['iptables -I FORWARD ! -s 10.0.0.0/8 -j DROP', ['iptables', '-I', 'FORWARD', '!', '-s', '10.0.0.0/8', '-j', 'DROP']],
])('%s', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test.each<[text: string, why: RegExp]>([
  ['', /empty/],
  ['iptables -F; reboot', /^; is for a shell/],
  ['a | b', /^\| is for a shell/],
  ['echo $(id)', /^\$ is for a shell/],
  ['echo "`id`"', /^` is for a shell/],
  ['a > /etc/passwd', /^> is for a shell/],
  ["a 'b", /' has no end/],
  ['a "b', /" has no end/],
  ['a \\', /backslash/],
])('refused: %s', (text, why) => {
  const found = wordsOf(text)
  expect(found).toBeInstanceOf(WordsError)
  expect((found as WordsError).message).toMatch(why)
})

test('any arguments, quoted as for a POSIX shell, are read back as they were', () => {
  const word = string({ unit: 'grapheme', minLength: 1 }).filter((one) => !one.includes('\0'))
  assert(
    property(array(word, { minLength: 1 }), (argv) => {
      expect(wordsOf(quoteAll(argv))).toEqual(argv)
    }),
  )
})
