import { expect, test } from 'vitest'
import { program } from './program.ts'

const repaired = ['diagnose', '--case', 'cases/wrong-to-port-repaired']

test('an answer that what was measured contradicts is shown beside it', async () => {
  const argv = [...repaired, '--answer', 'attempt=fails', '--answer', 'network-mode=host']
  const [text, data] = [await program(argv), await program([...argv, '--format', 'json'])]
  expect(text.stdout).toContain('Nothing wrong was found. What was measured differs from what you said')
  expect(text.stdout).toMatch(/answer now\? {2}yes {2}measured {2}you said: no, and nothing above explains it\n/)
  expect(text.stdout).toMatch(/Host or bridge.* {2}bridge {2}measured {2}you said: host\n/)
  const { steps } = JSON.parse(data.stdout) as { steps: readonly { question?: string }[] }
  expect(steps.find(({ question }) => question === 'attempt')).toMatchObject({ answer: 'answered', told: 'fails' })
  expect(steps.find(({ question }) => question === 'network-mode')).toMatchObject({ by: 'measured', told: 'host' })
})

test('an answer that is measured alike, or not at all, is not shown twice', async () => {
  const { stdout } = await program([...repaired, '--answer', 'network-mode=bridge', '--format', 'json'])
  expect(stdout).not.toContain('"told":')
})
