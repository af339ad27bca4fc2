import { withoutOneReply } from './removal.ts'

withoutOneReply('not recorded', ({ at }) => ({
  at,
  ms: 0,
  status: -1,
  body: '',
  refusal: { why: 'not-recorded', detail: 'the recording holds no answer to this' },
}))
