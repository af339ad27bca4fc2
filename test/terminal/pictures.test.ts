import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scenes } from '../../scripts/pictures/scenes.ts'
import { take } from '../../scripts/pictures/take.ts'

/** `npm run pictures` makes them anew. */
const folder = 'docs/screens'

test('every scene has its picture, and every picture its scene', () => {
  expect(readdirSync(folder).toSorted()).toEqual(scenes.map(({ name }) => `${name}.svg`).toSorted())
})

test.each(scenes.map((scene) => [scene.name, scene] as const))(
  'the picture %s shows what the program shows',
  { retry: 1 },
  async (name, scene) => {
    expect(wordsOf(await take(scene, 'cases'))).toBe(wordsOf(readFileSync(`${folder}/${name}.svg`, 'utf8')))
  },
)

/** One piece a line, so that a difference is a few lines. */
const wordsOf = (svg: string): string => svg.replaceAll('><', '>\n<')
