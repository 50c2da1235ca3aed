/**
 * Annex 5, automobile (AUTL). The fields of the official workbook (Delegated Regulation (EU)
 * 2020/1224) with their elements in auth.099.001.04.
 */
import { readEsmaFields } from "./esma-fields.ts";

/** CODE | name | kind | element */
export const ESMA_AUTOMOBILE_FIELDS = readEsmaFields(`
AUTL1 | Unique Identifier | text | ../ScrtstnIdr
AUTL2 | Original Underlying Exposure Identifier | text | UndrlygXpsrId/OrgnlUndrlygXpsrIdr
AUTL3 | New Underlying Exposure Identifier | text | UndrlygXpsrId/NewUndrlygXpsrIdr
AUTL4 | Original Obligor Identifier | text | UndrlygXpsrId/OrgnlOblgrIdr
AUTL5 | New Obligor Identifier | text | UndrlygXpsrId/NewOblgrIdr
AUTL6 | Data Cut-Off Date | day | ../CutOffDt
AUTL7 | Pool Addition Date | day | ~/ActvtyDtDtls/PoolAddtnDt/Dt
AUTL8 | Date Of Repurchase | day | ~/ActvtyDtDtls/RpDt/Dt
AUTL9 | Redemption Date | day | ~/PrfrmncDtls/GnlAttrbts/RedDt/Dt
AUTL10 | Geographic Region - Obligor | nuts | ~/OblgrDtls/TrtrlUnit/Clssfctn/Cd
AUTL11 | Geographic Region Classification | year | ~/OblgrDtls/TrtrlUnit/ClssfctnYr/Yr
AUTL12 | Employment Status | list EmploymentStatus1Code | ~/OblgrDtls/AddtlCmonData/MplyntSts/Cd
AUTL13 | Credit Impaired Obligor | flag | ~/OblgrDtls/AddtlCmonData/CdtImprdOblgr/Ind
AUTL14 | Obligor Legal Type | list LegalForm1Code | ~/OblgrDtls/LglForm/Cd
AUTL15 | Customer Type | list CustomerType1Code | ~/OblgrDtls/CstmrTp/Cd
AUTL16 | Primary Income | money | ~/OblgrDtls/IncmData/PmryIncm/IncmVal/Val/Amt
AUTL17 | Primary Income Type | list PrimaryIncomeType1Code | ~/OblgrDtls/IncmData/PmryIncm/Tp/Cd
AUTL18 | Primary Income Currency | currency | ~/OblgrDtls/IncmData/PmryIncm/IncmVal/Val/Amt/@Ccy
AUTL19 | Primary Income Verification | list IncomeVerification1Code | ~/OblgrDtls/IncmData/PmryIncm/Vrfctn/Cd
AUTL20 | Revenue | money | ~/OblgrDtls/IncmData/Rvn/Val/Amt
AUTL21 | Financial Statement Currency | currency | ~/OblgrDtls/IncmData/Rvn/Val/Amt/@Ccy
AUTL22 | Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
AUTL23 | Product Type | list SecuritisationProductType1Code | ~/UndrlygXpsrDtls/PdctTp/Cd
AUTL24 | Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgtnDt/Dt
AUTL25 | Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDt/Dt
AUTL26 | Original Term | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/OrgnlTerm/Nb
AUTL27 | Origination Channel | list OriginationChannel3Code | ~/UndrlygXpsrDtls/OrgtnChanl/Cd
AUTL28 | Currency Denomination | currency | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt/@Ccy
AUTL29 | Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
AUTL30 | Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
AUTL31 | Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
AUTL32 | Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
AUTL33 | Principal Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/GracePrdEndDt/Dt
AUTL34 | Scheduled Principal Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/SchdldPmtFrqcy/Cd
AUTL35 | Scheduled Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/IntrstPmtFrqcy/Cd
AUTL36 | Payment Method | list SecuritisationPaymentMethod1Code | ~/UndrlygXpsrDtls/PmtMtd/Cd
AUTL37 | Payment Due | money | ~/PrfrmncDtls/PmtDtls/PmtDue/Val/Amt
AUTL38 | Balloon Amount | money | ~/UndrlygXpsrDtls/RpmtDtls/BllnAmt/Val/Amt
AUTL39 | Down Payment Amount | money | ~/RskDtls/DwnPmtAmt/Val/Amt
AUTL40 | Current Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
AUTL41 | Current Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
AUTL42 | Current Interest Rate Index Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
AUTL43 | Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
AUTL44 | Interest Rate Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
AUTL45 | Interest Rate Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
AUTL46 | Interest Rate Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
AUTL47 | Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/NbOfPmtsBfrScrtstn/Nb
AUTL48 | Percentage Of Prepayments Allowed Per Year | percent | ~/PrfrmncDtls/PrepmtDtls/AllwdPerYr/Rate
AUTL49 | Prepayment Fee | money | ~/PrfrmncDtls/PrepmtDtls/Fee/Val/Amt
AUTL50 | Prepayment Fee End Date | day | ~/PrfrmncDtls/PrepmtDtls/FeeEndDt/Dt
AUTL51 | Prepayment Date | day | ~/PrfrmncDtls/PrepmtDtls/LatstDt/Dt
AUTL52 | Cumulative Prepayments | money | ~/PrfrmncDtls/PrepmtDtls/CmltvAmt/Val/Amt
AUTL53 | Manufacturer | text | ~/UndrlygXpsrDtls/CollDtls/Manfctr/Val
AUTL54 | Model | text | ~/UndrlygXpsrDtls/CollDtls/Mdl/Val
AUTL55 | Year Of Registration | year | ~/UndrlygXpsrDtls/CollDtls/RegnYr/Yr
AUTL56 | New Or Used | list VehicleConditionType1Code | ~/UndrlygXpsrDtls/CollDtls/VhclCond/Cd
AUTL57 | Energy Performance Certificate Value | list EnergyPerformanceCertificateClass1Code | ~/UndrlygXpsrDtls/CollDtls/NrgyPrfrmncCertVal/Cd
AUTL58 | Energy Performance Certificate Provider Name | text | ~/UndrlygXpsrDtls/CollDtls/NrgyPrfrmncCertPrvdrNm/Val
AUTL59 | Original Loan-To-Value | percent | ~/RskDtls/OrgnlLnToValRatio/Rate
AUTL60 | Original Valuation Amount | money | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/ValtnAmt/Val/Amt
AUTL61 | Original Residual Value Of Vehicle | money | ~/UndrlygXpsrDtls/CollDtls/InfAtOrgtn/VhclRsdlVal/Val/Amt
AUTL62 | Option To Buy Price | money | ~/UndrlygXpsrDtls/RpmtDtls/OptnToBuyPric/Val/Amt
AUTL63 | Securitised Residual Value | money | ~/UndrlygXpsrDtls/CollDtls/ScrtsdRsdlVal/Val/Amt
AUTL64 | Updated Residual Value Of Vehicle | money | ~/UndrlygXpsrDtls/CollDtls/CurInf/UpdtdRsdlVal/Val/Amt
AUTL65 | Date Of Updated Residual Valuation Of Vehicle | day | ~/UndrlygXpsrDtls/CollDtls/CurInf/UpdtdRsdlValtnDt/Dt
AUTL66 | Date Of Restructuring | day | ~/PrfrmncDtls/GnlAttrbts/RstrgDt/Dt
AUTL67 | Date Last In Arrears | day | ~/PrfrmncDtls/ArrearsDtls/DtLastInArrears/Dt
AUTL68 | Arrears Balance | money | ~/PrfrmncDtls/ArrearsDtls/ArrearsBal/Amt
AUTL69 | Number Of Days In Arrears | integer | ~/PrfrmncDtls/ArrearsDtls/NbOfDaysInArrears
AUTL70 | Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/AcctSts
AUTL71 | Reason for Default or Foreclosure | list ReasonForDefaultOrForclosure1Code | ~/PrfrmncDtls/DfltDtls/CmonData/DfltOrFrclsrRsn/Cd
AUTL72 | Default Amount | money | ~/PrfrmncDtls/DfltDtls/CmonData/GrssDflt/Val/Amt
AUTL73 | Default Date | day | ~/PrfrmncDtls/DfltDtls/CmonData/DtOfDflt/Dt
AUTL74 | Allocated Losses | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/AllctdLoss/Val/Amt
AUTL75 | Residual Value Losses | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/RsdlValLoss/Val/Amt
AUTL76 | Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/CmltvRcvrs/Val/Amt
AUTL77 | Sale Price | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/SalePric/Val/Amt
AUTL78 | Deposit Amount | money | ~/RskDtls/Dpst/Val/Amt
AUTL79 | Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
AUTL80 | Original Lender Legal Entity Identifier | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
AUTL81 | Original Lender Establishment Country | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
AUTL82 | Originator Name | text | ~/InstnlDtls/Orgtr/Nm
AUTL83 | Originator Legal Entity Identifier | lei | ~/InstnlDtls/Orgtr/LEI
AUTL84 | Originator Establishment Country | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
`);
