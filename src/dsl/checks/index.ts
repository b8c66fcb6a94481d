import { amountsAgree } from './amountsAgree.js'
import { approvalsNameSpender } from './approvalsNameSpender.js'
import { assetsAreNamed } from './assetsAreNamed.js'
import type { Check } from './Check.js'
import { comparisonsDecide } from './comparisonsDecide.js'
import { deniesDeny } from './deniesDeny.js'
import { denyTakesNoMeters } from './denyTakesNoMeters.js'
import { feesAreBound } from './feesAreBound.js'
import { nestedEtherIsCarried } from './nestedEtherIsCarried.js'
import { moversHaveBudgets } from './moversHaveBudgets.js'
import { namesAreUsed } from './namesAreUsed.js'
import { namesDoNotLie } from './namesDoNotLie.js'
import { nftsNameRecipientAndId } from './nftsNameRecipientAndId.js'
import { powersStayWithTheOwner } from './powersStayWithTheOwner.js'
import { proceedsComeHome } from './proceedsComeHome.js'
import { rollingWindowsFit } from './rollingWindowsFit.js'
import { rulesAreApart } from './rulesAreApart.js'
import { rulesCanHold } from './rulesCanHold.js'
import { selectorsDiffer } from './selectorsDiffer.js'
import { spendersAreApproved } from './spendersAreApproved.js'
import { targetsAreForeign } from './targetsAreForeign.js'
import { timesFitTheWrit } from './timesFitTheWrit.js'
import { valueNeedsBudget } from './valueNeedsBudget.js'
import { writAllowsSomething } from './writAllowsSomething.js'
import { writEnds } from './writEnds.js'

/** Every law: those about the whole writ, about what may be called, about what may be spent; then the lints, which only warn. */
export const checks: readonly Check[] = [
  writAllowsSomething,
  writEnds,
  timesFitTheWrit,
  feesAreBound,
  rollingWindowsFit,
  denyTakesNoMeters,
  targetsAreForeign,
  selectorsDiffer,
  namesDoNotLie,
  powersStayWithTheOwner,
  nftsNameRecipientAndId,
  moversHaveBudgets,
  approvalsNameSpender,
  assetsAreNamed,
  valueNeedsBudget,
  nestedEtherIsCarried,
  amountsAgree,
  rulesAreApart,
  rulesCanHold,
  comparisonsDecide,
  deniesDeny,
  proceedsComeHome,
  spendersAreApproved,
  namesAreUsed,
]
