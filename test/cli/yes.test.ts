import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordedCluster, type RecordedCluster } from '../terminal/recorded-cluster.ts'
import { program } from './program.ts'

let cluster: RecordedCluster
beforeAll(async () => {
  cluster = await recordedCluster('cases/app-binds-loopback-only')
})
afterAll(() => cluster.close())

const diagnose = (...more: readonly string[]) =>
  program(['diagnose', '--from', 'checkout/web', '--to', 'orders-api/api', '--format', 'json', ...more], {
    NOMAD_ADDR: cluster.address,
  })

test('what --yes agrees to is listed on the standard error, each once, and nothing of it in the report', async () => {
  const { stdout, stderr } = await diagnose('--yes')
  const listed = stderr.split('\n').filter((line) => line.startsWith('nomad-netdoctor: --yes: '))
  expect(cluster.ran.length).toBeGreaterThan(0)
  expect(listed).toEqual([...new Set(listed)])
  for (const ran of cluster.ran) {
    const [command = ''] = JSON.parse(ran) as string[]
    expect(listed.some((line) => line.includes(command) || line.includes('connect '))).toBe(true)
  }
  expect(stdout).not.toContain('--yes: ')
  expect(() => JSON.parse(stdout) as unknown).not.toThrow()
})

test('without it nothing is listed, and nothing runs', async () => {
  const { length } = cluster.ran
  expect((await diagnose()).stderr).not.toContain('--yes: ')
  expect(cluster.ran).toHaveLength(length)
})
