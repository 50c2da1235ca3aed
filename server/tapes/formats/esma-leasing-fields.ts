/**
 * Annex 8, leasing. The elements of a record in auth.099.001.04 with the names that
 * the schema gives them.
 */
import { readEsmaElements } from "./esma-fields.ts";

/** name | kind | element */
export const ESMA_LEASING_FIELDS = readEsmaElements(`
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
Credit Impaired Obligor | flag | ~/OblgrDtls/CdtImprdOblgr/Ind
Customer Type | list CustomerType1Code | ~/OblgrDtls/CstmrTp/Cd
Economic Activity | text | ~/OblgrDtls/EcnmcActvty/Cd
Obligor Basel Three Segment | list BaselThreeSegment1Code | ~/OblgrDtls/OblgrBaselThreeSgmt/Cd
Enterprise Size | list EnterpriseSize1Code | ~/OblgrDtls/FinDtls/NtrprsSz/Cd
Revenue | money | ~/OblgrDtls/FinDtls/Rvn/Val/Amt
Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
Origination Channel | list OriginationChannel2Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
Syndicated | flag | ~/UndrlygXpsrDtls/Sndctd/Ind
Product Type | list SecuritisationProductType1Code | ~/UndrlygXpsrDtls/PdctTp/Cd
Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
Issuance And Maturity Details Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
Original Term | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgnlTerm/Nb
Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/GracePrdEndDt/Dt
Scheduled Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/SchdldPmtFrqcy/Cd
Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/IntrstPmtFrqcy/Cd
Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
Option To Buy Price | money | ~/UndrlygXpsrDtls/RpmtDtls/OptnToBuyPric/Val/Amt
Current Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
Current Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
Current Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
Interest Rate Details Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
Interest Rate Details Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
Collateral Details Type | list CollateralType7Code | ~/UndrlygXpsrDtls/CollDtls/Tp
Territorial Unit | nuts | ~/UndrlygXpsrDtls/CollDtls/TrtrlUnit/Cd
Manufacturer | text | ~/UndrlygXpsrDtls/CollDtls/Manfctr/Val
Collateral Details Model | text | ~/UndrlygXpsrDtls/CollDtls/Mdl/Val
Construction Year | year | ~/UndrlygXpsrDtls/CollDtls/CnstrctnYr/Yr
Vehicle Condition | list VehicleConditionType1Code | ~/UndrlygXpsrDtls/CollDtls/VhclCond/Cd
Information At Origination Valuation Amount | money | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/ValtnAmt/Val/Amt
Information At Origination Asset Residual Value | money | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/AsstRsdlVal/Val/Amt
Information At Origination Valuation Method | list ValuationMethod3Code | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/ValtnMtd/Cd
Information At Origination Valuation Date | day | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/ValtnDt/Dt
Securitised Residual Value | money | ~/UndrlygXpsrDtls/CollDtls/ScrtsdRsdlVal/Val/Amt
Number Of Leased Objects | integer | ~/UndrlygXpsrDtls/CollDtls/CurInf/NbOfLeasdObjcts/Nb
Current Information Asset Residual Value | money | ~/UndrlygXpsrDtls/CollDtls/CurInf/AsstRsdlVal/Val/Amt
Current Information Valuation Amount | money | ~/UndrlygXpsrDtls/CollDtls/CurInf/ValtnAmt/Val/Amt
Current Information Valuation Method | list ValuationMethod3Code | ~/UndrlygXpsrDtls/CollDtls/CurInf/ValtnMtd/Cd
Current Information Valuation Date | day | ~/UndrlygXpsrDtls/CollDtls/CurInf/ValtnDt/Dt
Down Payment Amount | money | ~/RskDtls/DwnPmtAmt/Val/Amt
Deposit | money | ~/RskDtls/Dpst/Val/Amt
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
Recovery Source | list RecoverySource1Code | ~/PrfrmncDtls/DfltDtls/RcvrsData/RcvrySrc/Cd
Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/CmltvRcvrs/Val/Amt
Allocated Loss | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/AllctdLoss/Val/Amt
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
