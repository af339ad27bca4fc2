import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// A network inside that of the bridge of the target's client: whose it is, and what to do, follows from who made its route.

const vpn = recordings.find(({ id }) => id === 'subnet-overlap-vpn')!
const route = '{"dst":"172.26.64.0/22","dev":"tun0",'

/** The recording with other replies to the question for routes, where the VPN's route is among them. */
const withRoutes =
  (change: (body: string) => string) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    return 'argv' in request && request.argv.includes('route') && reply.body.includes(route)
      ? { ...reply, body: change(reply.body) }
      : reply
  }
const ids = ['subnet-overlap-vpn', 'host-nic-inside-bridge-subnet']

test('a route that somebody made: another network', async () => {
  const { report } = await diagnosed(vpn)
  expect(report.findings.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(['subnet-overlap-vpn'])
})

test("a route that the kernel made for an address of the client: the interface's network", async () => {
  const own = withRoutes((body) => body.replace(route, `${route}"protocol":"kernel","prefsrc":"172.26.64.100",`))
  const { report } = await diagnosed(vpn, own)
  expect(report.findings.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([
    'host-nic-inside-bridge-subnet',
  ])
  const [found] = report.findings
  expect(found?.sentence).toContain('which the kernel made for the address 172.26.64.100/22 of that interface')
  expect(found?.fix[0]?.run).toEqual(['ip', 'addr', 'del', '172.26.64.100/22', 'dev', 'tun0'])
})

test('routes cut short tell of neither', async () => {
  const { report, verdicts } = await diagnosed(
    vpn,
    withRoutes((body) => body.slice(0, 500)),
  )
  expect(report.findings.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([])
  for (const id of ids)
    expect(verdicts.filter(({ fault }) => fault === id).map(({ verdict }) => verdict)).toContain('unknown')
})
