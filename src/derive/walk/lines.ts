import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Where } from '../../packet/walk/index.ts'

type Places = PathNetwork['places']

/** A place in one line: `client c1: forward, iptables filter FORWARD rule 3: -j DROP`. */
export function whereLine(places: Places, { namespace, at, by, iif, oif, table, chain, rule, text }: Where): string {
  const devices = [iif === undefined ? '' : ` in by ${iif}`, oif === undefined ? '' : ` out by ${oif}`].join('')
  const ruled = [by === 'kernel' ? '' : by, table ?? '', chain ?? '', rule === undefined ? '' : `rule ${rule}`]
    .filter((part) => part !== '')
    .join(' ')
  const place = `${places[namespace]?.label ?? namespace}: ${at}${devices}`
  return [place, ...(ruled === '' ? [] : [ruled]), ...(text === undefined ? [] : [text])].join(', ')
}
