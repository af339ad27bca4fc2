/** The packet walk over the facts of a path. */
import type { AnyDerivation } from '../derivation.ts'
import { blackholeDerivation } from './blackhole.ts'
import { crossingDerivations } from './crossings.ts'
import { deadDialDerivation } from './dead-dial.ts'
import { disagreementDerivation } from './disagreement.ts'
import { divertedDerivation } from './diverted.ts'
import { firewalldDerivation } from './firewalld.ts'
import { followedDerivation } from './followed.ts'
import { hairpinDerivations } from './hairpin.ts'
import { hushedDerivation } from './hushed.ts'
import { kernelDerivations } from './kernel.ts'
import { letThroughDerivation } from './let-through.ts'
import { narrowDerivation } from './narrow.ts'
import { networkDerivation } from './network.ts'
import { oneWayDerivation } from './one-way.ts'
import { pastDerivation } from './past.ts'
import { routeStopDerivation } from './route-stop.ts'
import { ruleStopDerivation } from './rule-stop.ts'
import { settingDerivations } from './settings.ts'
import { sixDerivation } from './six.ts'
import { stoppedDerivations } from './stopped.ts'
import { translatedDerivations } from './translated.ts'
import { untrackedDerivation } from './untracked.ts'
import { walksDerivation } from './walks.ts'

export const walkDerivations: readonly AnyDerivation[] = [
  ...kernelDerivations,
  networkDerivation,
  ...crossingDerivations,
  ...translatedDerivations,
  oneWayDerivation,
  ...stoppedDerivations,
  ...settingDerivations,
  walksDerivation,
  followedDerivation,
  pastDerivation,
  disagreementDerivation,
  divertedDerivation,
  ruleStopDerivation,
  untrackedDerivation,
  routeStopDerivation,
  letThroughDerivation,
  firewalldDerivation,
  narrowDerivation,
  hushedDerivation,
  blackholeDerivation,
  sixDerivation,
  ...hairpinDerivations,
  deadDialDerivation,
]
