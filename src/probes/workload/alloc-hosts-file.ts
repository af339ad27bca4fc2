import { inTasks } from './in-tasks.ts'

export const allocHostsFile = inTasks({
  id: 'alloc-hosts-file',
  title: '/etc/hosts inside the tasks',
  provides: 'alloc.hosts-file',
  argv: ['cat', '/etc/hosts'],
  make: (text) => text,
})
