import { expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { trialLine } from '../../src/knowledge/trial.ts'
import { diagnosed, recordings } from '../recordings.ts'

// A connection that failed, over rules that were changed by hand: what stops it is the rule, not what lies between the clients.

const blocked = recordings.find(({ id }) => id === 'node-to-node-blocked')!

const barred = recordings.find(({ id }) => id === 'docker-user-drop')!

/** The recording with one more table in the saves of the clients, or of the allocations. */
const withTable =
  (via: Request['via'], table: string, chain: string, rule: string) =>
  (ask: Ask): Ask =>
  async (request: Request): Promise<Reply> => {
    const reply = await ask(request)
    const save = 'argv' in request && request.argv[0] === 'iptables-save' && request.via === via
    if (!save || reply.status !== 0) return reply
    const own = reply.body.replace(new RegExp(`\\*${table}\\n[^]*?COMMIT\\n`), '')
    return { ...reply, body: `*${table}\n:${chain} ACCEPT [0:0]\n${rule}\nCOMMIT\n${own}` }
  }

test.each<[name: string, via: Request['via'], table: string, chain: string, rule: string]>([
  ['raw, before everything', 'node', 'raw', 'PREROUTING', '-A PREROUTING -i eth0 -p tcp -m tcp --dport 30588 -j DROP'],
  ['mangle, after the translation', 'node', 'mangle', 'FORWARD', '-A FORWARD -o nomad -p tcp -j DROP'],
  ['inside the namespace of the target', 'netns', 'filter', 'INPUT', '-A INPUT -p tcp -m tcp --dport 8080 -j DROP'],
])('a rule of table %s', async (_, via, table, chain, rule) => {
  const { report } = await diagnosed(blocked, withTable(via, table, chain, rule))
  expect(report.diagnosis?.fault).toBe('rule-drops-packet')
  const [first] = report.findings
  expect(first?.sentence).toContain(rule)
  expect(report.findings.map(({ id }) => id)).not.toContain('node-to-node-blocked')
  // The first evidence is the reply that holds the rule.
  const [seen] = first?.evidence ?? []
  expect(seen?.request).toMatch(via === 'netns' ? /^iptables-save -c +in the network/ : /^iptables-save -c +on node/)
  expect(seen?.excerpt.split('\n')[0]).toBe(rule)
  // Behind the translation the packet has another port than the one that was dialled.
  const removal = first?.fix.find(({ run }) => run?.includes('-D'))
  expect(removal?.do).toContain(`exclude port ${table === 'raw' ? '30588 from' : '8080, which'}`)
})

test('a rule for another port stops nothing', async () => {
  const other = '-A PREROUTING -i eth0 -p tcp -m tcp --dport 30589 -j DROP'
  const { report } = await diagnosed(blocked, withTable('node', 'raw', 'PREROUTING', other))
  expect(report.diagnosis?.fault).toBe('node-to-node-blocked')
})

test('a rule that only one module of the kernel understands leaves it open', async () => {
  const unknown = '-A PREROUTING -i eth0 -m geoip --source-country XX -j DROP'
  const { report } = await diagnosed(blocked, withTable('node', 'raw', 'PREROUTING', unknown))
  expect(report.findings.map(({ id }) => id)).not.toContain('node-to-node-blocked')
  expect(report.findings.map(({ id }) => id)).not.toContain('rule-drops-packet')
})

const raw = '-A PREROUTING -i eth0 -p tcp -m tcp --dport 30588 -j DROP'
const inside = '-A INPUT -p tcp -m tcp --dport 8080 -j DROP'

test('of two rules that stop it both are named, each with its cure, tried', async () => {
  const both = (ask: Ask): Ask =>
    withTable('netns', 'filter', 'INPUT', inside)(withTable('node', 'raw', 'PREROUTING', raw)(ask))
  const { report } = await diagnosed(blocked, both)
  const [first] = report.findings
  expect(first?.id).toBe('rule-drops-packet')
  expect(first?.sentence).toContain(`${raw}; behind it, on allocation`)
  expect(first?.sentence).toContain(`drops it too: ${inside}`)
  const removals = first?.fix.filter(({ run }) => run?.includes('-D'))
  expect(removals?.map(({ run }) => run?.slice(0, 5).join(' '))).toEqual([
    'iptables -t raw -D PREROUTING',
    'iptables -t filter -D INPUT',
  ])
  const numbers = removals?.map((step) => (first?.fix ?? []).indexOf(step) + 1) ?? []
  expect(removals?.map(({ trial }) => trial)).toMatchObject([
    { tried: true, before: 'silent', after: 'answered', arrives: 'yes', together: [numbers[1]] },
    { tried: true, before: 'silent', after: 'answered', arrives: 'yes', together: [numbers[0]] },
  ])
  const [last] = removals?.slice(-1) ?? []
  expect(last?.trial && trialLine(last.trial)).toContain(`with it and step ${numbers[0]} together `)
  expect(removals?.map(({ proven }) => proven)).toEqual([undefined, undefined])
})

test('a rule beside that of another fault is a cause of its own', async () => {
  const all = '-A PREROUTING -i eth0 -p tcp -j DROP'
  const { report } = await diagnosed(barred, withTable('node', 'raw', 'PREROUTING', all))
  const found = report.findings.filter(({ id }) => id === 'docker-user-drop' || id === 'rule-drops-packet')
  expect(found.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
    ['docker-user-drop', undefined],
    ['rule-drops-packet', undefined],
  ])
  expect(found[1]?.sentence).toContain(all)
  expect(found[1]?.sentence).not.toContain('DOCKER-USER')
})

test('a step that begins with And is tried on top of the one before it, and says so', async () => {
  const { report } = await diagnosed(barred)
  const [first, second] = report.findings.find(({ id }) => id === 'docker-user-drop')?.fix ?? []
  expect(second?.do).toMatch(/^And /)
  expect(second?.trial).toMatchObject({ tried: true, before: 'silent', after: 'answered', upon: 1 })
  expect(first?.trial && trialLine(first.trial)).toMatch(
    /with it 10\.[\d.:]+ \(.+\) is answered, where it now gets no answer; /,
  )
  expect(second?.trial && trialLine(second.trial)).toContain('with it on top of the step before it 10.')
})

test('the rule of another fault is not told twice', async () => {
  const { report } = await diagnosed(barred)
  expect(report.diagnosis?.fault).toBe('docker-user-drop')
  expect(report.findings.map(({ id }) => id)).not.toContain('rule-drops-packet')
  expect(report.unknown.map(({ id }) => id)).not.toContain('rule-drops-packet')
})

test('a late rule of table mangle is no missing rule of table filter', async () => {
  const late = `-A FORWARD -p udp -j ACCEPT\n-A FORWARD -p icmp -j ACCEPT\n-A FORWARD -i docker0 -j ACCEPT\n-A FORWARD -o nomad -j DROP`
  const { report } = await diagnosed(blocked, withTable('node', 'mangle', 'FORWARD', late))
  expect(report.diagnosis?.fault).toBe('rule-drops-packet')
  expect(report.findings.map(({ id }) => id)).not.toContain('nomad-admin-rule-missing')
})

test('a rule with a comment is removed by its text, in which the comment is one word', async () => {
  const said = '-A PREROUTING -p tcp -m tcp --dport 30588 -m comment --comment "not yet" -j DROP'
  const { report } = await diagnosed(blocked, withTable('node', 'raw', 'PREROUTING', said))
  const removal = report.findings[0]?.fix.find(({ run }) => run?.includes('-D'))
  expect(removal?.run).toEqual([
    ...'iptables -t raw -D PREROUTING -p tcp -m tcp --dport 30588 -m comment --comment'.split(' '),
    'not yet',
    '-j',
    'DROP',
  ])
})

test('a policy has a command that was tried', async () => {
  const closed = (ask: Ask): Ask => {
    const changed = withTable('node', 'mangle', 'FORWARD', '-A FORWARD -p icmp -j ACCEPT')(ask)
    return async (request) => {
      const reply = await changed(request)
      return reply.status === 0
        ? {
            ...reply,
            body: reply.body.replace(
              ':FORWARD ACCEPT [0:0]\n-A FORWARD -p icmp',
              ':FORWARD DROP [0:0]\n-A FORWARD -p icmp',
            ),
          }
        : reply
    }
  }
  const { report } = await diagnosed(blocked, closed)
  expect(report.diagnosis?.fault).toBe('rule-drops-packet')
  const fix = report.findings[0]?.fix ?? []
  // First what opens no more than this connection, its answers included; together they let it through.
  const narrow = fix.filter(({ run }) => run?.includes('-A'))
  expect(narrow.map(({ on, run }) => [on, run?.slice(5).join(' ')])).toEqual([
    ['client c2', '-i nomad -o eth0 -p tcp --dport 30588 -j ACCEPT'],
    ['client c2', '-i eth0 -o nomad -p tcp --sport 30588 -m conntrack --ctstate ESTABLISHED -j ACCEPT'],
    ['client c1', '-i eth0 -o nomad -p tcp --dport 8080 -j ACCEPT'],
    ['client c1', '-i nomad -o eth0 -p tcp --sport 8080 -m conntrack --ctstate ESTABLISHED -j ACCEPT'],
  ])
  for (const { trial } of narrow)
    expect(trial).toMatchObject({
      tried: true,
      after: 'answered',
      together: [expect.any(Number), expect.any(Number), expect.any(Number)],
    })
  expect(fix.findIndex(({ run }) => run?.includes('-P'))).toBeGreaterThan(fix.indexOf(narrow.at(-1)!))
  const cure = fix.find(({ run }) => run?.includes('-P'))
  expect(cure?.run).toEqual(['iptables', '-t', 'mangle', '-P', 'FORWARD', 'ACCEPT'])
  expect(cure?.risk).toContain('Everything that no rule of FORWARD stops is let through then')
})

test.each([
  ['set down', (text: string) => text.replace(/"flags": ?\[[^\]]*\]/, '"flags":["BROADCAST"]'), /eth0 .* is set down$/],
  [
    'flushed',
    (text: string) => text.replace(/"addr_info": ?\[[^\]]*\]/g, '"addr_info":[]'),
    /eth0 .* has no IPv4 address$/,
  ],
])('eth0 of the allocation is %s: the cause, not the default route that went with it', async (_, change, sentence) => {
  const healthy = recordings.find(({ id }) => id === 'bridge-healthy')!
  const { report } = await diagnosed(healthy, (ask) => async (request) => {
    const reply = await ask(request)
    if (request.via !== 'netns' || !('argv' in request) || request.argv[0] !== 'ip') return reply
    if (request.argv.includes('route')) return { ...reply, body: '[]' }
    if (!request.argv.includes('addr')) return reply
    const links = (JSON.parse(reply.body) as { ifname: string }[]).map((one) =>
      one.ifname === 'eth0' ? (JSON.parse(change(JSON.stringify(one))) as object) : one,
    )
    return { ...reply, body: JSON.stringify(links) }
  })
  expect(report.diagnosis).toMatchObject({ fault: 'alloc-eth0-down', sentence: expect.stringMatching(sentence) })
})

test('of two faults in series neither cure helps alone, and both together do', async () => {
  const lost = recordings.find(({ id }) => id === 'forward-jump-missing')!
  const { report } = await diagnosed(
    lost,
    withTable('node', 'mangle', 'POSTROUTING', '-A POSTROUTING -o nomad -p tcp -j DROP'),
  )
  const trials = (id: string) =>
    report.findings.find((one) => one.id === id)?.fix.flatMap(({ trial }) => (trial?.tried ? [trial] : []))
  const jump = trials('forward-jump-missing')?.find(({ besides }) => besides)
  expect(jump).toMatchObject({ arrives: 'yes', before: 'silent', after: 'answered', besides: ['rule-drops-packet'] })
  expect(jump && trialLine(jump)).toContain('with it and the cure of rule-drops-packet together')
  expect(trials('rule-drops-packet')).toContainEqual(
    expect.objectContaining({ arrives: 'yes', besides: ['forward-jump-missing'] }),
  )
})
