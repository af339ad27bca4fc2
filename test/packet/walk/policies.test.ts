import { expect, test } from 'vitest'
import { said, sent, site } from './site.ts'

const client = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }
const answered = 'answered a1 10.0.0.9>172.20.0.2:8080'
const policy = (selector: string, dir: string, action = '', priority = 0, tmpl = ''): string =>
  `src ${selector} \n\tdir ${dir} ${action}priority ${priority} ptype main \n${tmpl}`
const wraps = '\ttmpl src 10.0.0.1 dst 10.0.0.9\n\t\tproto esp reqid 1 mode tunnel\n'
const unknown = (at: string): string => `unknown ${at}: policies of IPsec are not modelled`

test.each<[what: string, where: 'client' | 'host' | 'a1', xfrm: string, then: string]>([
  ['blocks it', 'host', policy('0.0.0.0/0 dst 172.20.0.0/24', 'fwd', 'action block '), unknown('host route')],
  ['wraps it', 'client', policy('0.0.0.0/0 dst 172.20.0.2/32', 'out', '', 9, wraps), unknown('client route')],
  ['does not take it', 'a1', policy('10.0.0.0/24 dst 0.0.0.0/0', 'in', 'action block '), unknown('a1 socket')],
  ['lets it pass', 'host', policy('0.0.0.0/0 dst 172.20.0.2/32', 'fwd'), answered],
  ['is for another address', 'host', policy('0.0.0.0/0 dst 172.20.0.3/32', 'fwd', 'action block '), answered],
  ['is for another protocol', 'host', policy('0.0.0.0/0 dst 0.0.0.0/0 proto udp', 'out', 'action block '), answered],
  ['is for another device', 'host', policy('0.0.0.0/0 dst 0.0.0.0/0 dev eth1', 'fwd', 'action block '), answered],
  [
    'comes after one that lets it pass',
    'host',
    ['10.0.0.9/32 dst 0.0.0.0/0', '0.0.0.0/0 dst 10.0.0.9/32'].reduce(
      (all, selector) => all + policy(selector, 'fwd', '', 5),
      policy('0.0.0.0/0 dst 0.0.0.0/0', 'fwd', 'action block ', 9),
    ),
    answered,
  ],
  [
    'takes the answer alone',
    'host',
    policy('0.0.0.0/0 dst 0.0.0.0/0', 'fwd', 'action block ', 9) + policy('10.0.0.9/32 dst 0.0.0.0/0', 'fwd', '', 5),
    `unknown ${answered.slice('answered '.length)}`,
  ],
])('a policy of IPsec that %s', (_, where, xfrm, then) => {
  const machines = { client, [where]: { ...(where === 'client' ? client : {}), xfrm } }
  expect(said(sent(site(machines), 'client', 'tcp 172.20.0.2:8080'))).toBe(then)
})
