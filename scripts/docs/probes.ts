/** docs/probes.md: how we look. */
import { probes } from '../../src/probes/index.ts'
import type { AnyProbe } from '../../src/probes/probe.ts'
import { probeArea } from './knowing.ts'
import { bullets, code, each, factLink, page, prose } from './markdown.ts'
import type { Page } from './page.ts'
import { requestsOf } from './requests.ts'

const costs = {
  free: 'free: it only reads',
  slow: 'slow: it only reads, and may take a while',
  intrusive: 'intrusive: it runs something in a workload or sends packets, so it is announced and needs consent',
} as const

export async function probesPage(): Promise<Page> {
  const areas = [...new Set(probes.map(probeArea))]
  const parts = await Promise.all(
    areas.map(async (area) => {
      const own = probes.filter((probe) => probeArea(probe) === area)
      return [`## ${area}`, ...(await Promise.all(own.map(described)))].join('\n\n')
    }),
  )
  return {
    file: 'probes.md',
    text: page(
      'Probes',
      `${probes.length} probes. A probe reads one thing in the world and makes facts of it; what is refused becomes “unknown, because”. None of them writes anything. A probe is run only when a question or a fault needs one of its facts.`,
      ...parts,
    ),
  }
}

async function described(probe: AnyProbe): Promise<string> {
  const { id, title, about, provides, given, cost } = probe
  const asked = (await requestsOf(probe)).map((text) => code(text.replaceAll(/\s+/g, ' ')))
  return [
    `### ${id}`,
    `${prose(title)}, once for ${each(about)}.`,
    bullets([
      `Cost: ${costs[cost]}`,
      `Reads: ${asked.length === 0 ? 'what the facts it is given name' : asked.join(', ')}`,
      `Provides: ${provides.map((need) => factLink(need)).join(', ')}`,
      ...(given.length === 0 ? [] : [`Given: ${given.map((need) => factLink(need)).join(', ')}`]),
    ]),
  ].join('\n\n')
}
