/**
 * Annex 4, corporate. The elements of a record in auth.099.001.04 with the names that
 * the schema gives them.
 */
import { readEsmaElements } from "./esma-fields.ts";

/** name | kind | element */
export const ESMA_CORPORATE_FIELDS = readEsmaElements(`
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
Financial Accounts Date | day | ~/OblgrDtls/FinDtls/FinAcctsDt/Dt
Enterprise Size | list EnterpriseSize1Code | ~/OblgrDtls/FinDtls/NtrprsSz/Cd
Total Debt | money | ~/OblgrDtls/FinDtls/TtlDebt/Val/Amt
Enterprise Value | money | ~/OblgrDtls/FinDtls/NtrprsVal/Val/Amt
Revenue | money | ~/OblgrDtls/FinDtls/Incm/Rvn/Val/Amt
Earnings Before Interest Taxes Depreciation Amortisation | money | ~/OblgrDtls/FinDtls/Incm/EarngsBfrIntrstTaxsDprctnAmtstn/Val/Amt
Free Cash Flow | money | ~/OblgrDtls/FinDtls/Incm/FreeCshFlow/Val/Amt
Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
Origination Channel | list OriginationChannel2Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
Purpose | list UnderlyingExposurePurpose2Code | ~/UndrlygXpsrDtls/Purp/Cd
Syndicated | flag | ~/UndrlygXpsrDtls/Sndctd/Ind
Debt Type | list DebtType1Code | ~/UndrlygXpsrDtls/DebtTp
Securitised Receivable | list SecuritisedReceivable1Code | ~/UndrlygXpsrDtls/ScrtsdRcvbl
ISIN | text | ~/UndrlygXpsrDtls/ISINIdr/ISIN
Seniority | list DebtInstrumentSeniorityType3Code | ~/UndrlygXpsrDtls/Snrty/Cd
Leveraged Transaction | flag | ~/UndrlygXpsrDtls/LvrgdTx
Managed By Collateralised Loan Obligation | flag | ~/UndrlygXpsrDtls/MgdByCollsdLnOblgtn/Ind
Put Date | day | ~/UndrlygXpsrDtls/PutDt/Dt
Put Strike | money | ~/UndrlygXpsrDtls/PutStrk/Val/Amt
Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
Issuance And Maturity Details Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CmonData/CurPrncplBal/Val/Amt
Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/CmonData/PurchsPric/Rate
Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
Market Value | money | ~/UndrlygXpsrDtls/BalDtls/MktVal/Val/Amt
Prior Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/PrrPrncplBal/Val/Amt
Total Credit Limit | money | ~/UndrlygXpsrDtls/BalDtls/TtlCdtLmt/Val/Amt
Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/GracePrdEndDt/Dt
Scheduled Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/SchdldPmtFrqcy/Cd
Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/IntrstPmtFrqcy/Cd
Balloon Amount | money | ~/UndrlygXpsrDtls/RpmtDtls/BllnAmt/Val/Amt
Interest Rate Details Type | list InterestRateType2Code | ~/UndrlygXpsrDtls/IntrstRateDtls/Tp/Cd
Current Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
Current Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
Current Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
Interest Rate Details Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
Interest Rate Details Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
First Revision Data Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/FrstRvsnData/Mrgn/Rate
First Revision Data Interest Revision Date | day | ~/UndrlygXpsrDtls/IntrstRateDtls/FrstRvsnData/IntrstRvsnDt/Dt
Second Revision Data Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/ScndRvsnData/Mrgn/Rate
Second Revision Data Interest Revision Date | day | ~/UndrlygXpsrDtls/IntrstRateDtls/ScndRvsnData/IntrstRvsnDt/Dt
Third Revision Data Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/ThrdRvsnData/Mrgn/Rate
Third Revision Data Interest Revision Date | day | ~/UndrlygXpsrDtls/IntrstRateDtls/ThrdRvsnData/IntrstRvsnDt/Dt
Revised Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/RvisdIntrstRateIndx/Cd
Revised Interest Rate Index Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/RvisdIntrstRateIndxTnor/Cd
Interest Rate Swap Provider | text | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/Prvdr/Val
Interest Rate Swap LEICode LEI | lei | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/LEICd/LEI
Interest Rate Swap Maturity Date | day | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/MtrtyDt/Dt
Interest Rate Swap Notional | money | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/Ntnl/Val/Amt
Currency Swap Provider | text | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/Prvdr/Val
Currency Swap LEICode LEI | lei | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/LEICd/LEI
Currency Swap Maturity Date | day | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/MtrtyDt/Dt
Currency Swap Notional | money | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/Ntnl/Val/Amt
Recourse | flag | ~/RskDtls/Rcrs/Ind
Deposit | money | ~/RskDtls/Dpst/Val/Amt
Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/AcctSts
Redemption Date | day | ~/PrfrmncDtls/GnlAttrbts/RedDt/Dt
Restructuring Date | day | ~/PrfrmncDtls/GnlAttrbts/RstrgDt/Dt
Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/CmonData/NbOfPmtsBfrScrtstn/Nb
Payment Due | money | ~/PrfrmncDtls/PmtDtls/CmonData/PmtDue/Val/Amt
Payment In Kind | flag | ~/PrfrmncDtls/PmtDtls/PmtInKnd/Ind
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
Collateral Identifier Original Identifier | text | Coll/CollIdr/OrgnlIdr
Collateral Identifier New Identifier | text | Coll/CollIdr/NewIdr
Collateral Territorial Unit Classification | nuts | Coll/CollCmonData/Dtls/CmonData/TrtrlUnitClssfctn/Cd
Collateral Type | list CollateralType7Code | Coll/CollCmonData/Dtls/CmonData/CollTp
Lien | integer | Coll/CollCmonData/Dtls/CmonData/LienVal/Lien
Security Type | list SecurityType1Code | Coll/CollCmonData/Dtls/SctyTp
Charge Type | list SecuritisationChargeType1Code | Coll/CollCmonData/Dtls/ChrgTp/Cd
Guarantor Country | country | Coll/CollCmonData/Dtls/GuarntrCtry/Cd
Guarantor European System Account Sub Sector | text | Coll/CollCmonData/Dtls/GuarntrEurpnSysAcctSubSctr/Cd
Information At Origination Valuation Amount | money | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnAmt/Val/Amt
Information At Origination Valuation Method | list ValuationMethod2Code | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnMtd/Cd
Information At Origination Valuation Date | day | Coll/CollCmonData/Valtn/InfAtOrgtn/ValtnDt/Dt
Current Information Valuation Amount | money | Coll/CollCmonData/Valtn/CurInf/ValtnAmt/Val/Amt
Current Information Valuation Method | list ValuationMethod2Code | Coll/CollCmonData/Valtn/CurInf/ValtnMtd/Cd
Current Information Valuation Date | day | Coll/CollCmonData/Valtn/CurInf/ValtnDt/Dt
Sale Date | day | Coll/CollCmonData/Nfrcmnt/SaleDt/Dt
Sale Price | money | Coll/CollCmonData/Nfrcmnt/SalePric/Val/Amt
`);
