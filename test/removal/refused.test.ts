import { withoutOneReply } from './removal.ts'

// Who never answered cannot refuse either.
withoutOneReply('refused', (reply, { via }) => {
  if (reply.status === -1) return reply
  return via === 'nomad' || via === 'consul'
    ? { ...reply, status: 403, body: 'Permission denied' }
    : { ...reply, status: 1, body: '', stderr: 'Operation not permitted (you must be root)' }
})
