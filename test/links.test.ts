import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const files = ['README.md', 'CONTRIBUTING.md', 'VISION.md', 'CHANGELOG.md', ...globSync('docs/**/*.md')].filter(
  (file) => existsSync(file),
)
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))

test('the documents for people are there', () => {
  expect(
    ['README.md', 'CONTRIBUTING.md', 'VISION.md', 'CHANGELOG.md', 'docs/architecture.md'].filter(
      (file) => !texts.has(file),
    ),
  ).toEqual([])
})

test('every link between documents leads somewhere: to a file, and to a place in it', () => {
  expect([...texts].flatMap(([file, text]) => linksOf(text).flatMap((link) => broken(file, link)))).toEqual([])
})

test('every picture is there, and says what it shows to those who cannot see it', () => {
  const pictures = [...texts].flatMap(([file, text]) =>
    Array.from(withoutCode(text).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g), ([, alt = '', at = '']) => ({ file, alt, at })),
  )
  expect(pictures.filter(({ alt }) => alt.length < 10)).toEqual([])
})

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

function linksOf(text: string): string[] {
  return Array.from(withoutCode(text).matchAll(/\]\(<?([^)>\s]+)>?\)/g), ([, link = '']) => link)
}

function broken(file: string, link: string): string[] {
  if (/^[a-z]+:/.test(link)) return []
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? file : normalize(join(dirname(file), decodeURI(path)))
  if (!existsSync(target)) return [`${file}: ${link} is not there`]
  if (anchor === undefined) return []
  const text = statSync(target).isFile() ? readFileSync(target, 'utf8') : ''
  return anchorsOf(text).has(anchor) ? [] : [`${file}: ${link} has no such place`]
}

const anchors = new Map<string, ReadonlySet<string>>()

/** Places in a document: its headings as GitHub calls them, and anchors that are set by hand. */
function anchorsOf(text: string): ReadonlySet<string> {
  const known = anchors.get(text)
  if (known) return known
  const found = new Set(Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id = '']) => id))
  const lines = text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '').matchAll(/^#{1,6} (.+)$/gm)
  for (const [, heading = ''] of lines) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    let unique = slug
    for (let n = 1; found.has(unique); n++) unique = `${slug}-${n}`
    found.add(unique)
  }
  anchors.set(text, found)
  return found
}
