import { expect, test } from 'vitest'
import type { PathWalk } from '../../src/knowledge/shapes/walk.ts'
import { diagnosed, recordings } from '../recordings.ts'

test("a container's call to its own loopback is not followed on the client, where it never comes", async () => {
  const recording = recordings.find(({ id }) => id === 'same-group-not-shared-netns')
  if (!recording) throw new Error('the recording is gone')
  const { world } = await diagnosed(recording)
  const walks = [...world.facts.values()].flatMap((own) => {
    const held = own.get('path.walks')
    return held?.known ? (held.value as readonly PathWalk[]) : []
  })
  const inside = walks.filter(({ dial }) => dial.host === '127.0.0.1')
  expect(inside.map(({ outcome }) => outcome)).toEqual(['unknown'])
  expect(walks.filter(({ dial }) => dial.host !== '127.0.0.1').map(({ outcome }) => outcome)).toContain('answered')
})
