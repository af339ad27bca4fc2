import { fault } from '../../fault.ts'
import { applications, withSidecar } from '../../mesh.ts'
import { group, redirected, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** A task that runs as the user whose traffic is not redirected; `user:group` and `user` as numbers. */
function wrong(spec: GroupSpec) {
  for (const { connect } of withSidecar(spec)) {
    if (!connect?.sidecar?.transparentProxy) continue
    const { uid = '', excludeUids = [] } = connect.sidecar.redirect ?? {}
    const left = [uid === '' ? '101' : uid, ...excludeUids]
    const found = applications(spec).find(({ user }) => left.includes(user.replace(/:.*$/, '')))
    if (found)
      return {
        own: found,
        task: found.name,
        uid: found.user.replace(/:.*$/, ''),
        excluded: excludeUids.includes(found.user),
      }
  }
  return undefined
}

const running = (user: string, uid = '') => group({ services: [redirected({ uid })], tasks: [task({ user })] })

export const tproxyUidConflict = fault({
  id: 'tproxy-uid-conflict',
  about: 'group',
  title: "The application runs as the sidecar's user, whose traffic is not redirected",
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'dial tcp 240.0.0.<n>:80: connect: no route to host',
    'connect to 240.0.0.<n> port 80 failed: Connection timed out',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Task ${found.task} of group ${spec.name} runs as user ${found.uid}, ${found.excluded ? 'which exclude_uids names' : 'the user of the sidecar'}: the transparent proxy does not redirect its traffic`,
          severity: found.excluded ? 'risks' : 'breaks',
          at: [found.own, 'user'],
        }
      : false
  },
  intended: 'where that traffic is meant to pass the mesh by',
  byHand:
    'ps -o uid,cmd in the container: the application has the user of the sidecar (101 unless the job says otherwise); as root the same call works.',
  explains: [],
  because:
    'The redirect catches all traffic that leaves the namespace and sends it to the sidecar, and it has to leave the traffic of the sidecar itself alone, or that would go round in circles. It tells them apart by user: 101 is left alone. Images such as the official nginx run as 101 too, so their calls to virtual addresses go out as they are, and those addresses exist nowhere.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: `Run task ${wrong(spec)?.task ?? ''} as another user`,
      on: 'job file',
      risk: 'Files of the image may belong to the old user',
      note: 'By hand: the job does not say which other user the task can run as',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy',
    'https://github.com/hashicorp/nomad/issues/23508',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    { name: 'user 101', given: { 'group.spec': running('101') }, then: 'present' },
    { name: 'user 101 with its group', given: { 'group.spec': running('101:101') }, then: 'present' },
    {
      name: 'a user that is excluded on purpose',
      given: {
        'group.spec': group({ services: [redirected({ excludeUids: ['2000'] })], tasks: [task({ user: '2000' })] }),
      },
      then: 'present',
    },
    { name: 'another user', given: { 'group.spec': running('2000') }, then: 'absent' },
    { name: 'the sidecar has another user', given: { 'group.spec': running('101', '555') }, then: 'absent' },
  ],
})
