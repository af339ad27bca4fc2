import type { Container } from '../../knowledge/shapes/runtime.ts'
import { onNode } from '../command.ts'
import { array, map, object, text, textMap, textOr, texts, type Json } from '../json.ts'
import { fromJson, fromText, look, probe, type Answer } from '../probe.ts'
import { idsOf } from './docker-ids.ts'

interface Raw {
  readonly list: Answer
  readonly details: Answer | undefined
}

/** One inspection of all containers, in the order of the list: one reply serves every allocation of the client. */
export const containers = probe({
  id: 'containers',
  about: 'node',
  title: 'Docker containers of the client',
  provides: ['node.containers'],
  given: [],
  cost: 'slow',
  read: async (ask, thing): Promise<Raw> => {
    const list = await look(ask, onNode(thing, 'docker', 'ps', '-a', '--no-trunc', '--format', '{{json .}}'))
    const ids = list.refusal ? undefined : idsOf(list.reply.body)
    return {
      list,
      details: ids && ids.length > 0 ? await look(ask, onNode(thing, 'docker', 'inspect', ...ids)) : undefined,
    }
  },
  parse: ({ list, details }) => ({
    'node.containers': details
      ? fromJson('containers', details, (json) => {
          const found = array(json).map((one) => containerOf(object(one, 'container')))
          return [found, found.map((one) => `${one.name}: ${one.state}, network mode ${one.networkMode}`).join('\n')]
        })
      : fromText('containers', list, (body) => {
          idsOf(body, true)
          return [[], 'no containers']
        }),
  }),
})

function containerOf(one: Json): Container {
  const [host, config, settings] = [map(one['HostConfig']), map(one['Config']), map(one['NetworkSettings'])]
  const name = text(one['Name'], 'Name').replace(/^\//, '')
  const alloc = textMap(config['Labels'])['com.hashicorp.nomad.alloc_id']
  const task = alloc !== undefined && name.endsWith(`-${alloc}`) ? name.slice(0, -alloc.length - 1) : undefined
  return {
    id: text(one['Id'], 'Id'),
    name,
    state: text(object(one['State'], 'State')['Status'], 'State.Status'),
    networkMode: text(host['NetworkMode'], 'HostConfig.NetworkMode'),
    ...(alloc === undefined ? {} : { alloc }),
    ...(task === undefined ? {} : { task }),
    sandbox: textOr(settings['SandboxKey'], ''),
    networks: Object.fromEntries(
      Object.entries(map(settings['Networks'])).map(([network, at]) => [network, textOr(map(at)['IPAddress'], '')]),
    ),
    published: Object.fromEntries(
      Object.entries(map(settings['Ports'])).map(([port, bindings]) => [port, array(bindings, port).map(bindingOf)]),
    ),
    dns: texts(host['Dns'], 'Dns'),
    extraHosts: texts(host['ExtraHosts'], 'ExtraHosts'),
    env: texts(config['Env'], 'Env'),
  }
}

const bindingOf = (binding: unknown) => {
  const { HostIp: ip, HostPort: port } = map(binding)
  return { ip: textOr(ip, ''), port: Number(textOr(port, '0')) }
}
