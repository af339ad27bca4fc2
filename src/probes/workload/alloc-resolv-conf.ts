import { inTasks } from './in-tasks.ts'

export const allocResolvConf = inTasks({
  id: 'alloc-resolv-conf',
  title: '/etc/resolv.conf inside the tasks',
  provides: 'alloc.resolv-conf',
  argv: ['cat', '/etc/resolv.conf'],
  make: (text) => text,
})
