import { expect, test } from 'vitest'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture, pictureOfSome } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { opened, recordings } from '../recordings.ts'

test.each(['wrong-to-port', 'ipam-exhausted', 'nsd-check-failing'])(
  '%s: faults judged alone are judged as in the whole picture',
  async (wanted) => {
    const recording = recordings.find(({ id }) => id === wanted)
    if (!recording) throw new Error(`no recording ${wanted}`)
    const { ask, info } = await opened(recording)
    const aim = { kind: 'path', subject: subjectOf(info) } as const
    const facts = await gather(aim, ask, new Map(), () => nothingTold)
    // Another object asks the same, so that nothing is remembered.
    const { verdicts, report } = picture({ ...aim }, facts, nothingTold)
    for (const { id } of faultList) {
      const some = pictureOfSome(new Set([id]), { ...aim }, facts, nothingTold)
      expect(some.verdicts).toEqual(verdicts.filter(({ fault }) => fault === id))
      const told = report.findings.filter((one) => one.id === id).map(({ about, sentence }) => ({ about, sentence }))
      expect(some.report.findings.map(({ about, sentence }) => ({ about, sentence }))).toEqual(told)
    }
  },
)
