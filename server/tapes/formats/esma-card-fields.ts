/**
 * Annex 7, credit card. The elements of a record in auth.099.001.04 with the names that
 * the schema gives them.
 */
import { readEsmaElements } from "./esma-fields.ts";

/** name | kind | element */
export const ESMA_CARD_FIELDS = readEsmaElements(`
Unique Identifier | text | ../ScrtstnIdr
Original Underlying Exposure Identifier | text | UndrlygXpsrId/OrgnlUndrlygXpsrIdr
New Underlying Exposure Identifier | text | UndrlygXpsrId/NewUndrlygXpsrIdr
Original Obligor Identifier | text | UndrlygXpsrId/OrgnlOblgrIdr
New Obligor Identifier | text | UndrlygXpsrId/NewOblgrIdr
Data Cut-Off Date | day | ../CutOffDt
Pool Addition Date | day | ~/ActvtyDtDtls/PoolAddtnDt/Dt
Repurchase Date | day | ~/ActvtyDtDtls/RpDt/Dt
Territorial Unit Classification | nuts | ~/OblgrDtls/TrtrlUnit/Clssfctn/Cd
Classification Year | year | ~/OblgrDtls/TrtrlUnit/ClssfctnYr/Yr
Employment Status | list EmploymentStatus1Code | ~/OblgrDtls/AddtlCmonData/MplyntSts/Cd
Credit Impaired Obligor | flag | ~/OblgrDtls/AddtlCmonData/CdtImprdOblgr/Ind
Customer Type | list CustomerType1Code | ~/OblgrDtls/CstmrTp/Cd
Income Value | money | ~/OblgrDtls/PmryIncmData/IncmVal/Val/Amt
Primary Income Data Type | list PrimaryIncomeType1Code | ~/OblgrDtls/PmryIncmData/Tp/Cd
Primary Income Data Verification | list IncomeVerification1Code | ~/OblgrDtls/PmryIncmData/Vrfctn/Cd
Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
Origination Channel | list OriginationChannel5Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
Origination Date | day | ~/UndrlygXpsrDtls/OrgtnDt/Dt
Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
Total Credit Limit | money | ~/UndrlygXpsrDtls/BalDtls/TtlCdtLmt/Val/Amt
Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/GracePrdEndDt/Dt
Scheduled Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/SchdldPmtFrqcy/Cd
Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/IntrstPmtFrqcy/Cd
Current Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurRate/Rate
Current Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIndx/Cd
Current Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CurTnor/Cd
Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/AcctSts
Restructuring Date | day | ~/PrfrmncDtls/GnlAttrbts/RstrgDt/Dt
Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/NbOfPmtsBfrScrtstn/Nb
Payment Due | money | ~/PrfrmncDtls/PmtDtls/PmtDue/Val/Amt
Date Last In Arrears | day | ~/PrfrmncDtls/ArrearsDtls/DtLastInArrears/Dt
Arrears Balance | money | ~/PrfrmncDtls/ArrearsDtls/ArrearsBal/Amt
Number Of Days In Arrears | integer | ~/PrfrmncDtls/ArrearsDtls/NbOfDaysInArrears
Date Of Default | day | ~/PrfrmncDtls/DfltDtls/CmonData/DtOfDflt/Dt
Default Or Foreclosure Reason | list ReasonForDefaultOrForclosure1Code | ~/PrfrmncDtls/DfltDtls/CmonData/DfltOrFrclsrRsn/Cd
Gross Default | money | ~/PrfrmncDtls/DfltDtls/CmonData/GrssDflt/Val/Amt
Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/CmltvRcvrs/Val/Amt
Originator Name | text | ~/InstnlDtls/Orgtr/Nm
Originator LEI | lei | ~/InstnlDtls/Orgtr/LEI
Originator Country Of Domicile | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
Original Lender LEI LEI | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
Original Lender Country Of Domicile | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
`);
