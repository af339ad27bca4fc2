import { expect, test } from 'vitest'
import { program, smallCase } from './program.ts'

const empty = (nodes: { readonly status?: number; readonly body: unknown }) =>
  smallCase([
    { path: '/v1/jobs?meta=true&namespace=*', body: [] },
    { path: '/v1/namespaces', body: [{ Name: 'default' }, { Name: 'billing' }] },
    { path: '/v1/nodes?os=true&resources=true', ...nodes },
  ])
const denied = empty({ status: 403, body: 'Permission denied' })

test('a namespace without jobs, to a token that sees nothing else, leaves nothing to judge', async () => {
  const { code, stdout } = await program(['check', '--case', denied, '--namespace', 'billing'])
  expect(stdout).toMatch(/survey of namespace billing, which has no jobs/)
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Undetermined: nothing was there to judge/)
  expect(stdout).not.toContain('Nothing wrong was found')
  expect(code).toBe(3)
})

test('every format says so', async () => {
  const { code, stdout } = await program(['check', '--case', denied, '--namespace', 'billing', '--format', 'json'])
  expect((JSON.parse(stdout) as { undetermined?: string }).undetermined).toMatch(/nothing was there to judge/)
  expect(code).toBe(3)
})
