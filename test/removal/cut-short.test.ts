import { withoutOneReply } from './removal.ts'

withoutOneReply('cut short', (reply) => ({ ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) }))
