import { expect, test } from 'vitest'
import { wayText } from '../../src/way/told.ts'
import type { WayStep } from '../../src/way/steps.ts'

const step: WayStep = {
  id: '1.1',
  kind: 'end',
  mood: 'unknown',
  title: 'not known',
  says: "127.0.0.1 is the container's own loopback, and the inside of the container is not read",
  rule: '',
  text: '',
  hops: [],
}
const section = { namespace: 'c1', title: 'client c1', link: null, steps: [step] }

test('a packet that was followed nowhere is not said to come to the client', () => {
  const way = {
    chances: [],
    there: [section],
    back: null,
    outcome: 'unknown',
    end: { place: 'client c1', step, on: 'there' },
  }
  expect(wayText(way as unknown as Parameters<typeof wayText>[0])).toBe(
    `What becomes of the packet is not known: ${step.says}`,
  )
})
