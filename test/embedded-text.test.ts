import { expect, test } from 'vitest'
import { placesOf, uncommented } from '../src/embedded-text.ts'

test.each([
  ['frontend f\n  # bind 127.0.0.1:80\n  bind *:80', 'frontend f\n                     \n  bind *:80'],
  ['; port = 1\nport = 2', '          \nport = 2'],
  ['a: 1 # b: 2\nc: 3', 'a: 1       \nc: 3'],
  ['{{/* service "a" */}}{{ service "b" }}', '                     {{ service "b" }}'],
  ['{{- /* use {{ key }} here */ -}}a', '                                a'],
  ['# {{ range service "a" }}', '  {{ range service "a" }}'],
  ['#A={{ env "NOMAD_IP_a" }}\nB={{ env "NOMAD_IP_b" }}', '                         \nB={{ env "NOMAD_IP_b" }}'],
  ['url = http://a/#b\nx=y;z', 'url = http://a/#b\nx=y;z'],
  ['proxy_pass http://a; // old', 'proxy_pass http://a;       '],
  ['color = "#fff"; echo $#; //cifs/share', 'color = "    "; echo $#; //cifs/share'],
])('comments of %j', (text, left) => expect(uncommented(text)).toBe(left))

test('a piece is found where it is a word of its own, and behind what was given', () => {
  expect(placesOf('redis://redis:6379 myredis', 'redis')).toEqual([0, 8])
  expect(placesOf('redis://redis:6379/0', 'redis:6379', 'redis://')).toEqual([8])
  expect(placesOf('args = ["--bind", "10.0.0.1", "--db", "10.0.0.1"]', '10.0.0.1', '--db ')).toEqual([39])
  expect(placesOf('# bind :80\\nbind :80', 'bind :80')).toEqual([12])
})

test('a text of white space and opened comments is read in no time that matters', () => {
  for (const piece of [' ', '\t#', '{{/*', '<!--', '\n/* ', '" ', '# {{', '//'])
    expect(uncommented(piece.repeat(20_000)).length).toBe(piece.length * 20_000)
})
