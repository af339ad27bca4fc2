import { expect, test } from 'vitest'
import { templateRestartStorm as storm } from '../../src/knowledge/faults/templates/template-restart-storm.ts'

const severityOf = (name: string) => {
  const example = storm.examples.find((one) => one.name === name)
  const found = storm.holds(example?.given as never)
  return found === false ? 'absent' : typeof found === 'string' ? storm.severity : (found.severity ?? storm.severity)
}

test('restarts are blamed where they go on and on, and are a risk where a deployment may be behind them', () => {
  expect(severityOf('every half minute since it runs')).toBe('degrades')
  expect(severityOf('a burst after days of quiet, which is a risk')).toBe('risks')
  expect(severityOf('a dozen deployments within the hour, over by now')).toBe('absent')
})
