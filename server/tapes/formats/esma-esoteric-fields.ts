/**
 * Annex 9, esoteric. The elements of a record in auth.099.001.04 with the names that
 * the schema gives them.
 */
import { readEsmaElements } from "./esma-fields.ts";

/** name | kind | element */
export const ESMA_ESOTERIC_FIELDS = readEsmaElements(`
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
Employment Status | list EmploymentStatus1Code | ~/OblgrDtls/MplyntSts/Cd
Credit Impaired Obligor | flag | ~/OblgrDtls/CdtImprdOblgr/Ind
Legal Form | list ObligorLegalType1Code | ~/OblgrDtls/LglForm/Cd
Economic Activity | text | ~/OblgrDtls/EcnmcActvty/Cd
Income Value | money | ~/OblgrDtls/PmryIncm/IncmVal/Val/Amt
Primary Income Type | list PrimaryIncomeType1Code | ~/OblgrDtls/PmryIncm/Tp/Cd
Primary Income Verification | list IncomeVerification1Code | ~/OblgrDtls/PmryIncm/Vrfctn/Cd
Revenue | money | ~/OblgrDtls/Rvn/Val/Amt
Description | text | ~/UndrlygXpsrDtls/Desc
ISIN | text | ~/UndrlygXpsrDtls/ISINIdr/ISIN
Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
Issuance And Maturity Details Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
Total Credit Limit | money | ~/UndrlygXpsrDtls/BalDtls/TtlCdtLmt/Val/Amt
Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/GracePrdEndDt/Dt
Scheduled Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/SchdldPmtFrqcy/Cd
Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/IntrstPmtFrqcy/Cd
Balloon Amount | money | ~/UndrlygXpsrDtls/RpmtDtls/BllnAmt/Val/Amt
Current Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRate/Rate
Current Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateIndx/Cd
Current Interest Rate Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateTnor/Cd
Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/RstIntrvl/Mnths
Interest Rate Details Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/Cap/Rate
Interest Rate Details Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/Flr/Rate
Debt To Income | percent | ~/RskDtls/DebtToIncm/Rate
Account Status | list SecuritisationAccountStatus1Code | ~/Prfrmnc/GnlAttrbts/AcctSts
Redemption Date | day | ~/Prfrmnc/GnlAttrbts/RedDt/Dt
Number Of Payments Before Securitisation | integer | ~/Prfrmnc/PmtDtls/NbOfPmtsBfrScrtstn/Nb
Payment Due | money | ~/Prfrmnc/PmtDtls/PmtDue/Val/Amt
Date Last In Arrears | day | ~/Prfrmnc/ArrearsDtls/DtLastInArrears/Dt
Arrears Balance | money | ~/Prfrmnc/ArrearsDtls/ArrearsBal/Val/Amt
Number Of Days In Arrears | integer | ~/Prfrmnc/ArrearsDtls/NbOfDaysInArrears/Nb
Date Of Default | day | ~/Prfrmnc/DfltDtls/DtOfDflt/Dt
Default Or Foreclosure Reason | list ReasonForDefaultOrForclosure1Code | ~/Prfrmnc/DfltDtls/DfltOrFrclsrRsn/Cd
Gross Default | money | ~/Prfrmnc/DfltDtls/GrssDflt/Val/Amt
Cumulative Recoveries | money | ~/Prfrmnc/DfltDtls/RcvrsInf/CmltvRcvrs/Val/Amt
Allocated Loss | money | ~/Prfrmnc/DfltDtls/RcvrsInf/AllctdLoss/Val/Amt
Prepayment Details Allowed Per Year | percent | ~/Prfrmnc/PrepmtDtls/AllwdPerYr/Rate
Prepayment Details Fee | money | ~/Prfrmnc/PrepmtDtls/Fee/Val/Amt
Prepayment Details Fee End Date | day | ~/Prfrmnc/PrepmtDtls/FeeEndDt/Dt
Prepayment Details Latest Date | day | ~/Prfrmnc/PrepmtDtls/LatstDt/Dt
Cumulative Prepayment | money | ~/Prfrmnc/PrepmtDtls/CmltvPrepmt/Val/Amt
Lock Out End Date | day | ~/Prfrmnc/PrepmtDtls/LckOutEndDt/Dt
Originator Name | text | ~/InstnlDtls/Orgtr/Nm
Originator LEI | lei | ~/InstnlDtls/Orgtr/LEI
Originator Country Of Domicile | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
Original Lender LEI LEI | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
Original Lender Country Of Domicile | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
Collateral Identifier Original Identifier | text | Coll/CollIdr/OrgnlIdr
Collateral Identifier New Identifier | text | Coll/CollIdr/NewIdr
Collateral Territorial Unit Classification | nuts | Coll/CollCmonData/Dtls/CmonData/TrtrlUnitClssfctn/Cd
Collateral Type | list CollateralType7Code | Coll/CollCmonData/Dtls/CmonData/CollTp
Lien | integer | Coll/CollCmonData/Dtls/CmonData/LienVal/Lien
Security Type | list SecurityType1Code | Coll/CollCmonData/Dtls/SctyTp
Charge Type | list SecuritisationChargeType1Code | Coll/CollCmonData/Dtls/ChrgTp/Cd
Information At Origination Loan To Value | percent | Coll/CollCmonData/Valtn/InfAtOrgtn/LnToVal/Rate
Information At Origination Valuation Amount | money | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnAmt/Val/Amt
Information At Origination Valuation Method | list ValuationMethod2Code | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnMtd/Cd
Information At Origination Valuation Date | day | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnDt/Dt
Current Information Loan To Value | percent | Coll/CollCmonData/Valtn/CurInf/LnToVal/Rate
Current Information Valuation Amount | money | Coll/CollCmonData/Valtn/CurInf/ValtnAmt/Val/Amt
Current Information Valuation Method | list ValuationMethod2Code | Coll/CollCmonData/Valtn/CurInf/ValtnMtd/Cd
Current Information Valuation Date | day | Coll/CollCmonData/Valtn/CurInf/ValtnDt/Dt
Sale Date | day | Coll/CollCmonData/Nfrcmnt/SaleDt/Dt
Sale Price | money | Coll/CollCmonData/Nfrcmnt/SalePric/Val/Amt
`);
