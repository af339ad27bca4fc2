import { withChain, withRules } from './tables.ts'
import type { Tables } from './tables.ts'

/** As a dockerd 20.10 wrote them (docker.test.ts); those of 28 were compared with no machine yet. */
const filter20 = {
  'DOCKER-USER': ['-j RETURN'],
  DOCKER: ['-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8080 -j ACCEPT'],
  'DOCKER-ISOLATION-STAGE-1': ['-i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2', '-j RETURN'],
  'DOCKER-ISOLATION-STAGE-2': ['-o docker0 -j DROP', '-j RETURN'],
}
const forward20 = [
  '-j DOCKER-USER',
  '-j DOCKER-ISOLATION-STAGE-1',
  '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-o docker0 -j DOCKER',
  '-i docker0 ! -o docker0 -j ACCEPT',
  '-i docker0 -o docker0 -j ACCEPT',
]

const filter28 = {
  'DOCKER-USER': [],
  DOCKER: [
    '-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8080 -j ACCEPT',
    '! -i docker0 -o docker0 -j DROP',
  ],
  'DOCKER-CT': ['-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  'DOCKER-INTERNAL': [],
  'DOCKER-BRIDGE': ['-o docker0 -j DOCKER'],
  'DOCKER-FORWARD': ['-j DOCKER-CT', '-j DOCKER-INTERNAL', '-j DOCKER-BRIDGE', '-i docker0 -j ACCEPT'],
}
const forward28 = ['-j DOCKER-USER', '-j DOCKER-FORWARD']

/** Docker's rules before the others, as it puts them; host port 25003 leads to its container. */
export function dockerRules(tables: Tables, version: 20 | 28): Tables {
  let made = tables
  for (const [name, rules] of Object.entries(version === 20 ? filter20 : filter28))
    made = withChain(made, 'filter', { name, policy: '-', rules })
  made = withRules(made, 'filter', 'FORWARD', (rules) => [...(version === 20 ? forward20 : forward28), ...rules])
  made = withChain(made, 'nat', {
    name: 'DOCKER',
    policy: '-',
    rules: [
      ...(version === 20 ? ['-i docker0 -j RETURN'] : []),
      '! -i docker0 -p tcp -m tcp --dport 25003 -j DNAT --to-destination 172.17.0.2:8080',
    ],
  })
  made = withRules(made, 'nat', 'PREROUTING', (rules) => ['-m addrtype --dst-type LOCAL -j DOCKER', ...rules])
  made = withRules(made, 'nat', 'OUTPUT', (rules) => [
    '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
    ...rules,
  ])
  made = withRules(made, 'nat', 'POSTROUTING', (rules) => [
    '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
    ...(version === 20 ? ['-s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 8080 -j MASQUERADE'] : []),
    ...rules,
  ])
  if (version === 28)
    made = withRules(made, 'raw', 'PREROUTING', (rules) => ['-d 172.17.0.2/32 ! -i docker0 -j DROP', ...rules])
  return made
}
