import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsers } from '../../src/cli/lint-open.ts'

/** A block on one line, as the pages of faults write it; not what has a value of its own, nor a template. */
const blocks = /(?<![={.$\w] ?)\b[a-z_]+(?: "[^"\n]*")? \{ [a-z_]+ *= [^{}\n]*\}/g

test('a block that a page writes on one line is one that Nomad reads', async () => {
  const { problems } = parsers()
  const pages = globSync('docs/faults/*.md').map((name) => ({ name, text: readFileSync(name, 'utf8') }))
  const found = pages.flatMap(({ name, text }) => Array.from(text.matchAll(blocks), ([block]) => ({ name, block })))
  expect(found.length).toBeGreaterThan(2)
  expect(await problems('lifecycle { hook = "prestart", sidecar = true }\n')).not.toEqual([])
  for (const { name, block } of found)
    expect(await problems(`${block.replaceAll(/<[^<>]*>/g, '1')}\n`), `${name}: ${block}`).toEqual([])
})
