/**
 * Annex 6, consumer. The elements of a record in auth.099.001.04 with the names that
 * the schema gives them.
 */
import { readEsmaElements } from "./esma-fields.ts";

/** name | kind | element */
export const ESMA_CONSUMER_FIELDS = readEsmaElements(`
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
Origination Channel | list OriginationChannel4Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
Purpose | list LoanPurpose2Code | ~/UndrlygXpsrDtls/Purp/Cd
Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
Issuance And Maturity Details Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
Original Term | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgnlTerm/Nb
Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CmonData/CurPrncplBal/Val/Amt
Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/CmonData/PurchsPric/Rate
Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
Total Credit Limit | money | ~/UndrlygXpsrDtls/BalDtls/TtlCdtLmt/Val/Amt
Revolving End Date | day | ~/UndrlygXpsrDtls/BalDtls/RvlvgEndDt/Dt
Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/GracePrdEndDt/Dt
Scheduled Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/SchdldPmtFrqcy/Cd
Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/IntrstPmtFrqcy/Cd
Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
Current Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
Current Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
Current Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
Interest Rate Details Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
Interest Rate Details Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
Energy Performance Certificate Value | list EnergyPerformanceCertificateClass1Code | ~/UndrlygXpsrDtls/CollDtls/NrgyPrfrmncCertVal/Cd
Energy Performance Certificate Provider Name | text | ~/UndrlygXpsrDtls/CollDtls/NrgyPrfrmncCertPrvdrNm/Val
Deposit | money | ~/RskDtls/Dpst/Val/Amt
Secured By Salary Pension Assignment | flag | ~/RskDtls/ScrdBySlryPnsnAssgnmt/Ind
Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/AcctSts
Redemption Date | day | ~/PrfrmncDtls/GnlAttrbts/RedDt/Dt
Restructuring Date | day | ~/PrfrmncDtls/GnlAttrbts/RstrgDt/Dt
Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/NbOfPmtsBfrScrtstn/Nb
Payment Due | money | ~/PrfrmncDtls/PmtDtls/PmtDue/Val/Amt
Date Last In Arrears | day | ~/PrfrmncDtls/ArrearsDtls/DtLastInArrears/Dt
Arrears Balance | money | ~/PrfrmncDtls/ArrearsDtls/ArrearsBal/Amt
Number Of Days In Arrears | integer | ~/PrfrmncDtls/ArrearsDtls/NbOfDaysInArrears
Date Of Default | day | ~/PrfrmncDtls/DfltDtls/CmonData/DtOfDflt/Dt
Default Or Foreclosure Reason | list ReasonForDefaultOrForclosure1Code | ~/PrfrmncDtls/DfltDtls/CmonData/DfltOrFrclsrRsn/Cd
Gross Default | money | ~/PrfrmncDtls/DfltDtls/CmonData/GrssDflt/Val/Amt
Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmltvRcvrs/Val/Amt
Allocated Loss | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/AllctdLoss/Val/Amt
Prepayment Details Allowed Per Year | percent | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/AllwdPerYr/Rate
Prepayment Details Fee | money | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/Fee/Val/Amt
Prepayment Details Fee End Date | day | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/FeeEndDt/Dt
Prepayment Details Latest Date | day | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/LatstDt/Dt
Prepayment Details Cumulative Amount | money | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/CmltvAmt/Val/Amt
Lock Out End Date | day | ~/PrfrmncDtls/PrepmtDtls/LckOutEndDt/Dt
Originator Name | text | ~/InstnlDtls/Orgtr/Nm
Originator LEI | lei | ~/InstnlDtls/Orgtr/LEI
Originator Country Of Domicile | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
Original Lender LEI LEI | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
Original Lender Country Of Domicile | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
`);
