import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent } from './agent.ts'

interface LinkState {
  readonly ifname: string
  readonly flags: readonly string[]
  readonly operstate: string
  readonly link_type: string
  readonly master?: string
  readonly linkinfo?: { readonly info_slave_data?: { readonly state?: string } }
}

/** Waits until no device is about to change: the kernel tells carriers on a moment later. Gives their state. */
export async function settled(agent: Agent): Promise<string> {
  let before = ''
  for (let n = 0; n < 80; n++) {
    const [done] = await agent.run([{ argv: ['ip', '-j', '-d', 'link', 'show'] }])
    const links = JSON.parse(done?.out ?? '[]') as readonly LinkState[]
    const up = new Set(links.filter(({ flags }) => flags.includes('UP')).map(({ ifname }) => ifname))
    const ready = links.every(({ flags, operstate, link_type, linkinfo, master }) => {
      const port = linkinfo?.info_slave_data?.state
      if (link_type === 'loopback') return true
      if (!flags.includes('UP')) return operstate === 'DOWN'
      if (!flags.includes('LOWER_UP')) return operstate !== 'UP' && operstate !== 'UNKNOWN' && port !== 'forwarding'
      return operstate === 'UP' && (port === undefined || (port === 'forwarding') === up.has(master ?? ''))
    })
    const now = JSON.stringify(
      links.map(({ flags, operstate, linkinfo }) => [flags, operstate, linkinfo?.info_slave_data?.state]),
    )
    if (ready && now === before) return now
    before = now
    await sleep(ready ? 5 : 25)
  }
  return before
}
