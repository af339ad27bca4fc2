import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { spell, type Ask } from '../src/ask/request.ts'
import { json } from '../src/renderers/json.ts'
import { diagnosed, recordings, type Recording } from './recordings.ts'

const printed = async (recording: Recording, change?: (ask: Ask) => Ask): Promise<string> => {
  const { report } = await diagnosed(recording, change)
  const subject = { from: null, to: null, port: null, symptom: 'unknown' }
  return json(report, { source: { kind: 'case', where: recording.id }, subject })
}

/** Replies arrive after a few turns each, in an order that depends on the seed alone. */
const shuffled =
  (seed: number) =>
  (source: Ask): Ask =>
  async (request) => {
    let hash = seed
    for (const character of spell(request)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
    for (let turns = (hash >>> 8) % 12; turns > 0; turns--) await turn()
    return source(request)
  }

describe('the same replies give the same report, byte for byte, in whatever order they arrive', () => {
  test.each(recordings)('$id', async (recording) => {
    expect(await printed(recording, shuffled(recording.id.length))).toBe(await printed(recording))
  })
})
