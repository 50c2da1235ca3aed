/**
 * Annex 2, residential real estate: underlying exposures (RREL) and collateral (RREC). The fields of the official workbook (Delegated Regulation (EU)
 * 2020/1224) with their elements in auth.099.001.04.
 */
import { readEsmaFields } from "./esma-fields.ts";

/** CODE | name | kind | element */
export const ESMA_RESIDENTIAL_FIELDS = readEsmaFields(`
RREL1 | Unique Identifier | text | ../ScrtstnIdr
RREL2 | Original Underlying Exposure Identifier | text | UndrlygXpsrId/OrgnlUndrlygXpsrIdr
RREL3 | New Underlying Exposure Identifier | text | UndrlygXpsrId/NewUndrlygXpsrIdr
RREL4 | Original Obligor Identifier | text | UndrlygXpsrId/OrgnlOblgrIdr
RREL5 | New Obligor Identifier | text | UndrlygXpsrId/NewOblgrIdr
RREL6 | Data Cut-Off Date | day | ../CutOffDt
RREL7 | Pool Addition Date | day | ~/ActvtyDtDtls/PoolAddtnDt/Dt
RREL8 | Date Of Repurchase | day | ~/ActvtyDtDtls/RpDt/Dt
RREL9 | Redemption Date | day | ~/PrfrmncDtls/GnlAttrbts/RedDt/Dt
RREL10 | Resident | flag | ~/OblgrDtls/Resdt/Ind
RREL11 | Geographic Region - Obligor | nuts | ~/OblgrDtls/TrtrlUnit/Clssfctn/Cd
RREL12 | Geographic Region Classification | year | ~/OblgrDtls/TrtrlUnit/ClssfctnYr/Yr
RREL13 | Employment Status | list EmploymentStatus1Code | ~/OblgrDtls/AddtlCmonData/MplyntSts/Cd
RREL14 | Credit Impaired Obligor | flag | ~/OblgrDtls/AddtlCmonData/CdtImprdOblgr/Ind
RREL15 | Customer Type | list CustomerType1Code | ~/OblgrDtls/CstmrTp/Cd
RREL16 | Primary Income | money | ~/OblgrDtls/FinDtls/PmryOblgrIncm/IncmVal/Val/Amt
RREL17 | Primary Income Type | list PrimaryIncomeType1Code | ~/OblgrDtls/FinDtls/PmryOblgrIncm/Tp/Cd
RREL18 | Primary Income Currency | currency | ~/OblgrDtls/FinDtls/PmryOblgrIncm/IncmVal/Val/Amt/@Ccy
RREL19 | Primary Income Verification | list IncomeVerification1Code | ~/OblgrDtls/FinDtls/PmryOblgrIncm/Vrfctn/Cd
RREL20 | Secondary Income | money | ~/OblgrDtls/FinDtls/ScndryOblgrIncm/IncmVal/Val/Amt
RREL21 | Secondary Income Verification | list IncomeVerification1Code | ~/OblgrDtls/FinDtls/ScndryOblgrIncm/Vrfctn/Cd
RREL22 | Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
RREL23 | Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
RREL24 | Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
RREL25 | Original Term | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgnlTerm/Nb
RREL26 | Origination Channel | list OriginationChannel1Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
RREL27 | Purpose | list LoanPurpose1Code | ~/UndrlygXpsrDtls/Purp/Cd
RREL28 | Currency Denomination | currency | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt/@Ccy
RREL29 | Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
RREL30 | Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
RREL31 | Prior Principal Balances | money | ~/UndrlygXpsrDtls/BalDtls/PrrPrncplBal/Val/Amt
RREL32 | Pari Passu Underlying Exposures | money | ~/UndrlygXpsrDtls/BalDtls/PrpssUndrlygXpsr/Val/Amt
RREL33 | Total Credit Limit | money | ~/UndrlygXpsrDtls/BalDtls/TtlCdtLmt/Val/Amt
RREL34 | Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
RREL35 | Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
RREL36 | Principal Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/GracePrdEndDt/Dt
RREL37 | Scheduled Principal Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/SchdldPmtFrqcy/Cd
RREL38 | Scheduled Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/IntrstPmtFrqcy/Cd
RREL39 | Payment Due | money | ~/PrfrmncDtls/PmtDtls/PmtDue/Val/Amt
RREL40 | Debt To Income Ratio | percent | ~/RskDtls/DebtToIncm/Rate
RREL41 | Balloon Amount | money | ~/UndrlygXpsrDtls/RpmtDtls/BllnAmt/Val/Amt
RREL42 | Interest Rate Type | list InterestRateType2Code | ~/UndrlygXpsrDtls/IntrstRateDtls/Tp/Cd
RREL43 | Current Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
RREL44 | Current Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
RREL45 | Current Interest Rate Index Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
RREL46 | Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
RREL47 | Interest Rate Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
RREL48 | Interest Rate Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
RREL49 | Interest Rate Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
RREL50 | Revision Margin 1 | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/FrstRvsnData/Mrgn/Rate
RREL51 | Interest Revision Date 1 | day | ~/UndrlygXpsrDtls/IntrstRateDtls/FrstRvsnData/IntrstRvsnDt/Dt
RREL52 | Revision Margin 2 | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/ScndRvsnData/Mrgn/Rate
RREL53 | Interest Revision Date 2 | day | ~/UndrlygXpsrDtls/IntrstRateDtls/ScndRvsnData/IntrstRvsnDt/Dt
RREL54 | Revision Margin 3 | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/ThrdRvsnData/Mrgn/Rate
RREL55 | Interest Revision Date 3 | day | ~/UndrlygXpsrDtls/IntrstRateDtls/ThrdRvsnData/IntrstRvsnDt/Dt
RREL56 | Revised Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/RvisdIntrstRateIndx/Cd
RREL57 | Revised Interest Rate Index Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/RvisdIntrstRateIndxTnor/Cd
RREL58 | Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/NbOfPmtsBfrScrtstn/Nb
RREL59 | Percentage Of Prepayments Allowed Per Year | percent | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/AllwdPerYr/Rate
RREL60 | Prepayment Lock-Out End Date | day | ~/PrfrmncDtls/PrepmtDtls/LckOutEndDt/Dt
RREL61 | Prepayment Fee | money | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/Fee/Val/Amt
RREL62 | Prepayment Fee End Date | day | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/FeeEndDt/Dt
RREL63 | Prepayment Date | day | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/LatstDt/Dt
RREL64 | Cumulative Prepayments | money | ~/PrfrmncDtls/PrepmtDtls/PrepmtCmonData/CmltvAmt/Val/Amt
RREL65 | Date Of Restructuring | day | ~/PrfrmncDtls/GnlAttrbts/RstrgDt/Dt
RREL66 | Date Last In Arrears | day | ~/PrfrmncDtls/ArrearsDtls/DtLastInArrears/Dt
RREL67 | Arrears Balance | money | ~/PrfrmncDtls/ArrearsDtls/ArrearsBal/Amt
RREL68 | Number Of Days In Arrears | integer | ~/PrfrmncDtls/ArrearsDtls/NbOfDaysInArrears
RREL69 | Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/AcctSts
RREL70 | Reason for Default or Foreclosure | list ReasonForDefaultOrForclosure1Code | ~/PrfrmncDtls/DfltDtls/CmonData/DfltOrFrclsrRsn/Cd
RREL71 | Default Amount | money | ~/PrfrmncDtls/DfltDtls/CmonData/GrssDflt/Val/Amt
RREL72 | Default Date | day | ~/PrfrmncDtls/DfltDtls/CmonData/DtOfDflt/Dt
RREL73 | Allocated Losses | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/AllctdLoss/Val/Amt
RREL74 | Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmltvRcvrs/Val/Amt
RREL75 | Litigation | flag | ~/PrfrmncDtls/DfltDtls/Ltgtn/Ind
RREL76 | Recourse | flag | ~/RskDtls/Rcrs/Ind
RREL77 | Deposit Amount | money | ~/RskDtls/Dpst/Val/Amt
RREL78 | Insurance Or Investment Provider | text | ~/RskDtls/InsrncOrInvstmtPrvdr/Val
RREL79 | Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
RREL80 | Original Lender Legal Entity Identifier | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
RREL81 | Original Lender Establishment Country | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
RREL82 | Originator Name | text | ~/InstnlDtls/Orgtr/Nm
RREL83 | Originator Legal Entity Identifier | lei | ~/InstnlDtls/Orgtr/LEI
RREL84 | Originator Establishment Country | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
RREC1 | Unique Identifier | text |
RREC2 | Underlying Exposure Identifier | text |
RREC3 | Original Collateral Identifier | text | Coll/CollIdr/OrgnlIdr
RREC4 | New Collateral Identifier | text | Coll/CollIdr/NewIdr
RREC5 | Collateral Type | list CollateralType7Code | Coll/CollCmonData/Dtls/CmonData/CollTp
RREC6 | Geographic Region - Collateral | nuts | Coll/CollCmonData/Dtls/CmonData/TrtrlUnitClssfctn/Cd
RREC7 | Occupancy Type | list OccupancyType1Code | Coll/CollCmonData/Dtls/OccpncyTp/Cd
RREC8 | Lien | integer | Coll/CollCmonData/Dtls/CmonData/LienVal/Lien
RREC9 | Property Type | list PropertyType1Code | Coll/CollCmonData/Dtls/PrprtyTp/Cd
RREC10 | Energy Performance Certificate Value | list EnergyPerformanceCertificateClass1Code | Coll/CollCmonData/Dtls/NrgyPrfrmncCertVal/Cd
RREC11 | Energy Performance Certificate Provider Name | text | Coll/CollCmonData/Dtls/NrgyPrfrmncCertPrvdrNm/Val
RREC12 | Current Loan-To-Value | percent | Coll/CollCmonData/Valtn/CurInf/LnToVal/Rate
RREC13 | Current Valuation Amount | money | Coll/CollCmonData/Valtn/CurInf/ValtnAmt/Val/Amt
RREC14 | Current Valuation Method | list ValuationMethod1Code | Coll/CollCmonData/Valtn/CurInf/ValtnMtd/Cd
RREC15 | Current Valuation Date | day | Coll/CollCmonData/Valtn/CurInf/ValtnDt/Dt
RREC16 | Original Loan-To-Value | percent | Coll/CollCmonData/Valtn/InfAtOrgtn/LnToVal/Rate
RREC17 | Original Valuation Amount | money | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnAmt/Val/Amt
RREC18 | Original Valuation Method | list ValuationMethod1Code | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnMtd/Cd
RREC19 | Original Valuation Date | day | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnDt/Dt
RREC20 | Date Of Sale | day | Coll/CollCmonData/Nfrcmnt/SaleDt/Dt
RREC21 | Sale Price | money | Coll/CollCmonData/Nfrcmnt/SalePric/Val/Amt
RREC22 | Collateral Currency | currency | Coll/CollCmonData/Valtn/CurInf/ValtnAmt/Val/Amt/@Ccy
RREC23 | Guarantor Type | list GuarantorType1Code | Coll/CollCmonData/Dtls/GuarntrTp/Cd
`);
