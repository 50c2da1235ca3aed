/**
 * Annex 3, commercial real estate: underlying exposures (CREL), collateral (CREC), tenants (CRET). The fields of the official workbook (Delegated Regulation (EU)
 * 2020/1224) with their elements in auth.099.001.04.
 */
import { readEsmaFields } from "./esma-fields.ts";

/** CODE | name | kind | element */
export const ESMA_COMMERCIAL_FIELDS = readEsmaFields(`
CREL1 | Unique Identifier | text | ../ScrtstnIdr
CREL2 | Original Obligor Identifier | text | UndrlygXpsrId/OrgnlOblgrIdr
CREL3 | New Obligor Identifier | text | UndrlygXpsrId/NewOblgrIdr
CREL4 | Original Underlying Exposure Identifier | text | UndrlygXpsrId/OrgnlUndrlygXpsrIdr
CREL5 | New Underlying Exposure Identifier | text | UndrlygXpsrId/NewUndrlygXpsrIdr
CREL6 | Data Cut-Off Date | day | ../CutOffDt
CREL7 | Pool Addition Date | day | ~/ActvtyDtDtls/CmonData/PoolAddtnDt/Dt
CREL8 | Date Of Restructuring | day | ~/PrfrmncDtls/GnlAttrbts/CmonData/RstrgDt/Dt
CREL9 | Date Of Repurchase | day | ~/ActvtyDtDtls/CmonData/RpDt/Dt
CREL10 | Date Of Substitution | day | ~/ActvtyDtDtls/SbstitnDt/Dt
CREL11 | Redemption Date | day | ~/PrfrmncDtls/GnlAttrbts/CmonData/RedDt/Dt
CREL12 | Geographic Region - Obligor | nuts | ~/OblgrDtls/TrtrlUnit/Clssfctn/Cd
CREL13 | Geographic Region Classification | year | ~/OblgrDtls/TrtrlUnit/ClssfctnYr/Yr
CREL14 | Special Scheme | text | ~/UndrlygXpsrDtls/SpclSchme/Val
CREL15 | Origination Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/CmonData/OrgtnDt/Dt
CREL16 | Start Date Of Amortisation | day | ~/UndrlygXpsrDtls/RpmtDtls/StartDt/Dt
CREL17 | Maturity Date At Securitisation Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/MtrtyDtAtScrtstnDt/Dt
CREL18 | Maturity Date | day | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/CmonData/MtrtyDt/Dt
CREL19 | Original Term | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/CmonData/OrgnlTerm/Nb
CREL20 | Duration Of Extension Option | integer | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/DrtnOfXtnsnOptn/Nb
CREL21 | Nature Of Extension Option | list ExtensionOptionNature1Code | ~/UndrlygXpsrDtls/IssncAndMtrtyDtls/NtrOfXtnsnOptn/Cd
CREL22 | Currency Denomination | currency | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt/@Ccy
CREL23 | Current Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/CurPrncplBal/Val/Amt
CREL24 | Original Principal Balance | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBal/Val/Amt
CREL25 | Original Principal Balance At Securitisation Date | money | ~/UndrlygXpsrDtls/BalDtls/OrgnlPrncplBalAtScrtstnDt/Val/Amt
CREL26 | Committed Undrawn Facility Underlying Exposure Balance | money | ~/UndrlygXpsrDtls/BalDtls/UdrwnFcltyBal/Amt
CREL27 | Total Other Amounts Outstanding | money | ~/UndrlygXpsrDtls/BalDtls/TtlOthrOutsdngAmt/Val/Amt
CREL28 | Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/PurchsPric/Rate
CREL29 | Latest Utilisation Date | day | ~/UndrlygXpsrDtls/BalDtls/LatstUtlstnDt/Dt
CREL30 | Purpose | list UnderlyingExposurePurpose1Code | ~/UndrlygXpsrDtls/Purp/Cd
CREL31 | Structure | list UnderlyingExposureStructure1Code | ~/UndrlygXpsrDtls/RpmtDtls/Str/Cd
CREL32 | Waterfall A-B Pre Enforcement Scheduled Interest Payments | list WaterfallScheduledPayment1Code | ~/UndrlygXpsrDtls/RpmtDtls/WtrfllIntrstPmt/Cd
CREL33 | Waterfall A-B Pre Enforcement Scheduled Principal Payments | list WaterfallScheduledPayment1Code | ~/UndrlygXpsrDtls/RpmtDtls/WtrfllPrncplPmt/Cd
CREL34 | Principal Payment Allocation To Senior Loan | percent | ~/UndrlygXpsrDtls/RpmtDtls/PrncplAllcnToSnrLn/Rate
CREL35 | Waterfall Type | list WaterfallType1Code | ~/UndrlygXpsrDtls/RpmtDtls/WtrfllTp/Cd
CREL36 | Defaulted Underlying Exposure Purchase Price | percent | ~/UndrlygXpsrDtls/BalDtls/DfltdPurchsPric/Rate
CREL37 | Cure Payments Possible? | list CurePaymentPossibility1Code | ~/RskDtls/CurePmtPssblty/Cd
CREL38 | Restrictions On Sale Of Subordinated Loan? | flag | ~/RskDtls/SubrdntdLn/SaleRstrctn/Ind
CREL39 | Subordinated Loan Holder Affiliated To Obligor? | flag | ~/RskDtls/SubrdntdLn/LnHldrAsOblgr/Ind
CREL40 | Subordinated Loan Holder Control Of Workout Process | flag | ~/RskDtls/SubrdntdLn/LnHldrCtrl/Ind
CREL41 | Do Non-Payments On Prior Ranking Claims Constitute A Default Of The Underlying Exposure? | flag | ~/RskDtls/EvtOfDflt/NonPmtPrrClmDflt/Ind
CREL42 | Do Non-Payments On Equal Ranking Underlying Exposures Constitute Default Of Property? | flag | ~/RskDtls/EvtOfDflt/NonPmtEQClmDflt/Ind
CREL43 | Noteholder Consent | flag | ~/UndrlygXpsrDtls/NotehldrCnsnt/Ind
CREL44 | Noteholder Meeting Scheduled | day | ~/UndrlygXpsrDtls/NotehldrMtgSchdl/Dt
CREL45 | Syndicated | flag | ~/UndrlygXpsrDtls/Sndctd/Ind
CREL46 | Participation Of SSPE | list ParticipationMethod1Code | ~/UndrlygXpsrDtls/ScrtstnSpclPurpNttyPrtcptnMtd/Cd
CREL47 | Consequence For Breach Of Financial Covenant | list FinancialBreachConsequence1Code | ~/UndrlygXpsrDtls/CnsqncForBrch/Cd
CREL48 | Financial Information Non-Submission Penalties | flag | ~/UndrlygXpsrDtls/FinAcctsNonSubmissnPnlties/Ind
CREL49 | Recourse | flag | ~/RskDtls/Rcrs/Ind
CREL50 | Recourse - 3rd Party | flag | ~/RskDtls/RcrsThrdPty/Ind
CREL51 | Servicing Standard | flag | ~/UndrlygXpsrDtls/SvcgStd
CREL52 | Amounts Held In Escrow | money | ~/RskDtls/EscrwAndRsvAcct/Escrw/AmtHeldInEscrw/Val/Amt
CREL53 | Collection Of Escrows | flag | ~/RskDtls/EscrwAndRsvAcct/Escrw/EscrwColltn/Ind
CREL54 | Collection Of Other Reserves | flag | ~/RskDtls/EscrwAndRsvAcct/Escrw/OthrRsvColltn
CREL55 | Trigger For Escrow To Be Held | list EscrowHoldTrigger1Code | ~/RskDtls/EscrwAndRsvAcct/Escrw/TrggrForEscrwToBeHeld/Cd
CREL56 | Target Escrow Amounts / Reserves | money | ~/RskDtls/EscrwAndRsvAcct/Escrw/TrgtEscrwAmtRsv/Val/Amt
CREL57 | Escrow Account Release Conditions | text | ~/RskDtls/EscrwAndRsvAcct/Escrw/EscrwAcctRlsCond/Val
CREL58 | Conditions Of Drawing Cash Reserve | list CashReserveDrawCondition1Code | ~/RskDtls/EscrwAndRsvAcct/Rsv/CondOfDrwgCshRsv/Cd
CREL59 | Escrow Account Currency | currency | ~/RskDtls/EscrwAndRsvAcct/Escrw/AmtHeldInEscrw/Val/Amt/@Ccy
CREL60 | Escrow Payments Currency | currency | ~/RskDtls/EscrwAndRsvAcct/Escrw/EscrwCcy/Cd
CREL61 | Total Reserve Balance | money | ~/RskDtls/EscrwAndRsvAcct/Rsv/TtlBal/Val/Amt
CREL62 | Reserve Balance Currency | currency | ~/RskDtls/EscrwAndRsvAcct/Rsv/TtlBal/Val/Amt/@Ccy
CREL63 | Escrow Trigger Event Occurred | flag | ~/RskDtls/EscrwAndRsvAcct/Escrw/EscrwTrggrEvtOccrrd
CREL64 | Amounts Added To Escrows In Current Period | money | ~/RskDtls/EscrwAndRsvAcct/Escrw/AmtAddedInCurPrd/Val/Amt
CREL65 | Revenue | money | ~/OblgrDtls/FinDtls/Rvn/Val/Amt
CREL66 | Operating Expenses At Securitisation Date | money | ~/OblgrDtls/FinDtls/Expns/OprgExpns/Val/Amt
CREL67 | Capital Expenditures At Securitisation Date | money | ~/OblgrDtls/FinDtls/Expns/CptlXpndtr/Val/Amt
CREL68 | Financial Statement Currency | currency | ~/OblgrDtls/FinDtls/Rvn/Val/Amt/@Ccy
CREL69 | Obligor Reporting Breach | flag | ~/PrfrmncDtls/GnlAttrbts/OblgrRptgBrch/Ind
CREL70 | Debt Service Coverage Ratio Method | list CoverageRatioMethod1Code | ~/RskDtls/DebtSvcCvrgRatio/ClctnMtd/Cd
CREL71 | Debt Service Coverage Ratio Indicator At Securitisation Date | list DebtServiceCoverageRatioIndicator1Code | ~/RskDtls/DebtSvcCvrgRatio/IndAtScrtstnDt/Cd
CREL72 | Most Recent Debt Service Coverage Ratio Indicator | list DebtServiceCoverageRatioIndicator1Code | ~/RskDtls/DebtSvcCvrgRatio/MostRcntInd/Cd
CREL73 | Debt Service Coverage Ratio At The Securitisation Date | percent | ~/RskDtls/DebtSvcCvrgRatio/RatioAtScrtstnDt/Rate
CREL74 | Current Debt Service Coverage Ratio | percent | ~/RskDtls/DebtSvcCvrgRatio/CurRatio/Rate
CREL75 | Original Loan-To-Value | percent | ~/RskDtls/LnToValRatio/Orgnl/Rate
CREL76 | Current Loan-To-Value | percent | ~/RskDtls/LnToValRatio/Cur/Rate
CREL77 | Interest Coverage Ratio At The Securitisation Date | percent | ~/RskDtls/IntrstCvrgRatio/ValAtScrtstnDt/Rate
CREL78 | Current Interest Coverage Ratio | percent | ~/RskDtls/IntrstCvrgRatio/CurVal/Rate
CREL79 | Interest Coverage Ratio Method | list CoverageRatioMethod1Code | ~/RskDtls/IntrstCvrgRatio/ClctnMtd/Cd
CREL80 | Number Of Properties At Securitisation Date | integer | ~/UndrlygXpsrDtls/CollDtls/PrprtyDtlsAtScrtstn/NbOfProps/Nb
CREL81 | Number Of Properties At Data Cut-Off Date | integer | ~/UndrlygXpsrDtls/CollDtls/CurPrprtyDtls/NbOfProps/Nb
CREL82 | Properties Collateralised To The Underlying Exposure | text | ~/UndrlygXpsrDtls/CollDtls/CurPrprtyDtls/CollsdPrprtyIdr
CREL83 | Property Portfolio Value At Securitisation Date | money | ~/UndrlygXpsrDtls/CollDtls/PrprtyDtlsAtScrtstn/PrprtyPrtflVal/Val/Amt
CREL84 | Property Portfolio Valuation Currency At Securitisation Date | currency | ~/UndrlygXpsrDtls/CollDtls/PrprtyDtlsAtScrtstn/PrprtyPrtflVal/Val/Amt/@Ccy
CREL85 | Status Of Properties | list PropertyStatus1Code | ~/UndrlygXpsrDtls/CollDtls/CurPrprtyDtls/PrprtySts/Cd
CREL86 | Valuation Date At Securitisation Date | day | ~/UndrlygXpsrDtls/CollDtls/PrprtyDtlsAtScrtstn/ValtnDt/Dt
CREL87 | Amortisation Type | list AmortisationType1Code | ~/UndrlygXpsrDtls/RpmtDtls/AmtstnTp/Cd
CREL88 | Principal Grace Period End Date | day | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/GracePrdEndDt/Dt
CREL89 | Grace Days Allowed | integer | ~/UndrlygXpsrDtls/RpmtDtls/GraceDaysAllwd/NbOfDays
CREL90 | Scheduled Principal Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/SchdldPmtFrqcy/Cd
CREL91 | Scheduled Interest Payment Frequency | list EventFrequency11Code | ~/UndrlygXpsrDtls/RpmtDtls/CmonData/IntrstPmtFrqcy/Cd
CREL92 | Number Of Payments Before Securitisation | integer | ~/PrfrmncDtls/PmtDtls/CmonData/NbOfPmtsBfrScrtstn/Nb
CREL93 | Prepayment Terms Description | text | ~/PrfrmncDtls/PrepmtDtls/TermDesc/Val
CREL94 | Prepayment Lock-Out End Date | day | ~/PrfrmncDtls/PrepmtDtls/LckOutEndDt/Dt
CREL95 | Yield Maintenance End Date | day | ~/PrfrmncDtls/PrepmtDtls/YldMntncEndDt/Dt
CREL96 | Prepayment Fee | money | ~/PrfrmncDtls/PrepmtDtls/Fee/Val/Amt
CREL97 | Prepayment Fee End Date | day | ~/PrfrmncDtls/PrepmtDtls/FeeEndDt/Dt
CREL98 | Unscheduled Principal Collections | money | ~/PrfrmncDtls/PrepmtDtls/UschdldPrncplColltn/Val/Amt
CREL99 | Liquidation / Prepayment Date | day | ~/PrfrmncDtls/PrepmtDtls/LqdtnPrepmtDt/Dt
CREL100 | Liquidation / Prepayment Code | list LiquidationPrepayment1Code | ~/PrfrmncDtls/PrepmtDtls/LqdtnPrepmtCd/Cd
CREL101 | Prepayment Interest Excess / Shortfall | money | ~/PrfrmncDtls/PrepmtDtls/IntrstXcssShrtfll/Val/Amt
CREL102 | Payment Date | day | ~/PrfrmncDtls/PmtDtls/PmtDt/Dt
CREL103 | Next Payment Adjustment Date | day | ~/PrfrmncDtls/PmtDtls/NxtPmtAdjstmntDt/Dt
CREL104 | Next Payment Date | day | ~/PrfrmncDtls/PmtDtls/NxtPmtDt/Dt
CREL105 | Payment Due | money | ~/PrfrmncDtls/PmtDtls/CmonData/PmtDue/Val/Amt
CREL106 | Original Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/OrgnlIntrstRate/Rate
CREL107 | Interest Rate At The Securitisation Date | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/IntrstRateAtScrtstnDt/Rate
CREL108 | First Payment Adjustment Date | day | ~/UndrlygXpsrDtls/FrstPmtAdjstmntDt/Dt
CREL109 | Interest Rate Type | list InterestRateType2Code | ~/UndrlygXpsrDtls/IntrstRateDtls/Tp/Cd
CREL110 | Current Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurRate/Rate
CREL111 | Current Interest Rate Index | list InterestRateIndex1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurIndx/Cd
CREL112 | Current Interest Rate Index Tenor | list InterestRateIndexTenor1Code | ~/UndrlygXpsrDtls/IntrstRateDtls/CmonData/CurTnor/Cd
CREL113 | Current Interest Rate Margin | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIntrstRateMrgn/Rate
CREL114 | Interest Rate Reset Interval | integer | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/RstIntrvl/NbOfMnths
CREL115 | Current Index Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurIndxRate/Rate
CREL116 | Index Determination Date | day | ~/UndrlygXpsrDtls/IntrstRateDtls/IndxDtrmntnDt/Dt
CREL117 | Rounding Increment | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/RndgIncrmt/Rate
CREL118 | Interest Rate Cap | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Cap/Rate
CREL119 | Interest Rate Floor | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/AddtlCmonData/Flr/Rate
CREL120 | Current Default Interest Rate | percent | ~/UndrlygXpsrDtls/IntrstRateDtls/CurDfltIntrstRate/Rate
CREL121 | Accrual Of Interest Allowed | flag | ~/UndrlygXpsrDtls/IntrstRateDtls/AcrlAllwd/Ind
CREL122 | Day Count Convention | list InterestComputationMethod3Code | ~/UndrlygXpsrDtls/IntrstRateDtls/DayCntCnvntn/Cd
CREL123 | Total Scheduled Principal & Interest Due | money | ~/UndrlygXpsrDtls/IntrstRateDtls/PrncplAndIntrstDue/Amt
CREL124 | Total Scheduled Principal & Interest Paid | money | ~/UndrlygXpsrDtls/IntrstRateDtls/PrncplAndIntrstPd/Amt
CREL125 | Negative Amortisation | money | ~/UndrlygXpsrDtls/IntrstRateDtls/NegAmtstn/Val/Amt
CREL126 | Deferred Interest | money | ~/UndrlygXpsrDtls/IntrstRateDtls/DfrrdIntrst/Val/Amt
CREL127 | Total Shortfalls In Principal & Interest Outstanding | money | ~/UndrlygXpsrDtls/IntrstRateDtls/TtlShrtfll/Val/Amt
CREL128 | Date Last In Arrears | day | ~/PrfrmncDtls/ArrearsDtls/DtLastInArrears/Dt
CREL129 | Arrears Balance | money | ~/PrfrmncDtls/ArrearsDtls/ArrearsBal/Amt
CREL130 | Number Of Days In Arrears | integer | ~/PrfrmncDtls/ArrearsDtls/NbOfDaysInArrears
CREL131 | Reason for Default or Foreclosure | list ReasonForDefaultOrForclosure1Code | ~/PrfrmncDtls/DfltDtls/CmonData/DfltOrFrclsrRsn/Cd
CREL132 | Default Amount | money | ~/PrfrmncDtls/DfltDtls/CmonData/GrssDflt/Val/Amt
CREL133 | Default Date | day | ~/PrfrmncDtls/DfltDtls/CmonData/DtOfDflt/Dt
CREL134 | Interest In Arrears | flag | ~/UndrlygXpsrDtls/IntrstRateDtls/IntrstInArrears
CREL135 | Actual Default Interest | money | ~/PrfrmncDtls/DfltDtls/ActlDfltIntrst/Val/Amt
CREL136 | Account Status | list SecuritisationAccountStatus1Code | ~/PrfrmncDtls/GnlAttrbts/CmonData/AcctSts
CREL137 | Allocated Losses | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/AllctdLoss/Val/Amt
CREL138 | Net Proceeds Received On Liquidation | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/NetPrcdsOnLqdtn/Val/Amt
CREL139 | Liquidation Expense | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/LqdtnExpns/Val/Amt
CREL140 | Expected Timing Of Recoveries | integer | ~/PrfrmncDtls/DfltDtls/RcvrsData/XpctdRcvryTmg/Mnths
CREL141 | Cumulative Recoveries | money | ~/PrfrmncDtls/DfltDtls/RcvrsData/CmonData/CmltvRcvrs/Val/Amt
CREL142 | Enforcement Start Date | day | ~/PrfrmncDtls/DfltDtls/RcvrsData/NfrcmntStartDt/Dt
CREL143 | Workout Strategy Code | list WorkoutStrategy1Code | ~/PrfrmncDtls/DfltDtls/RcvrsData/WorkoutStrtgyCd/Cd
CREL144 | Modification | list ModificationType1Code | ~/PrfrmncDtls/DfltDtls/ModTp/Cd
CREL145 | Special Servicing Status | flag | ~/PrfrmncDtls/GnlAttrbts/SpclSvcgSts
CREL146 | Most Recent Special Servicer Transfer Date | day | ~/PrfrmncDtls/GnlAttrbts/MostRcntSpclSvcrTrfDt/Dt
CREL147 | Most Recent Primary Servicer Return Date | day | ~/PrfrmncDtls/GnlAttrbts/MostRcntPmrySvcrRtrDt/Dt
CREL148 | Non Recoverability Determined | flag | ~/PrfrmncDtls/GnlAttrbts/NonRcvrbltyDtrmnd/Ind
CREL149 | Covenant Breach / Trigger | list CovenantBreachTrigger1Code | ~/PrfrmncDtls/GnlAttrbts/CvnntBrchTrggrTp/Cd
CREL150 | Date Of Breach | day | ~/PrfrmncDtls/GnlAttrbts/BrchDt/Dt
CREL151 | Date Of Breach Cure | day | ~/PrfrmncDtls/GnlAttrbts/BrchCureDt/Dt
CREL152 | Servicer Watchlist Code | list Watchlist1Code | ~/PrfrmncDtls/GnlAttrbts/SvcrWtchlistCd/Cd
CREL153 | Servicer Watchlist Date | day | ~/PrfrmncDtls/GnlAttrbts/SvcrWtchlistDt/Dt
CREL154 | Interest Rate Swap Provider | text | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/Prvdr/Val
CREL155 | Interest Rate Swap Provider Legal Entity Identifier | lei | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/LEICd/LEI
CREL156 | Interest Rate Swap Maturity Date | day | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/MtrtyDt/Dt
CREL157 | Interest Rate Swap Notional | money | ~/UndrlygXpsrDtls/SwpDtls/IntrstRateSwp/Ntnl/Val/Amt
CREL158 | Currency Swap Provider | text | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/Prvdr/Val
CREL159 | Currency Swap Provider Legal Entity Identifier | lei | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/LEICd/LEI
CREL160 | Currency Swap Maturity Date | day | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/MtrtyDt/Dt
CREL161 | Currency Swap Notional | money | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/Ntnl/Val/Amt
CREL162 | Exchange Rate For Swap | percent | ~/UndrlygXpsrDtls/SwpDtls/CcySwp/XchgRate/Rate
CREL163 | Other Swap Provider | text | ~/UndrlygXpsrDtls/SwpDtls/OthrSwp/Prvdr/Val
CREL164 | Other Swap Provider Legal Entity Identifier | lei | ~/UndrlygXpsrDtls/SwpDtls/OthrSwp/LEICd/LEI
CREL165 | Obligor Must Pay Breakage On Swap | list ObligorBreakagePay1Code | ~/UndrlygXpsrDtls/SwpDtls/OthrSwp/OblgrBreakgPayXtnt/Cd
CREL166 | Full Or Partial Termination Event Of Swap For Current Period | list SwapTerminationReason1Code | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/FullOrPrtlTermntnEvt/Cd
CREL167 | Net Periodic Payment Made By Swap Provider | money | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/NetPrdcPmtByPrvdr/Val/Amt
CREL168 | Breakage Costs Due To Underlying Exposure Swap Provider | money | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/BreakgCostDueToSwpPrvdr/Val/Amt
CREL169 | Shortfall In Payment Of Breakage Costs On Swap | money | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/ShrtfllInPmtOfBreakgCostOnSwp/Val/Amt
CREL170 | Breakage Costs Due From Swap Counterparty | money | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/BreakgCostDueFrSwpCtrPty/Val/Amt
CREL171 | Next Swap Reset Date | day | ~/UndrlygXpsrDtls/SwpDtls/Prfrmnc/NxtSwpRstDt/Dt
CREL172 | Sponsor | text | ~/InstnlDtls/OthrNtty/Spnsr/Val
CREL173 | Agent Bank Of Syndication Legal Entity Identifier | lei | ~/InstnlDtls/OthrNtty/AgtBkSndctnLEI/LEI
CREL174 | Servicer Legal Entity Identifier | lei | ~/InstnlDtls/Svcr/LEICd/LEI
CREL175 | Servicer Name | text | ~/InstnlDtls/Svcr/Nm/Val
CREL176 | Originator Name | text | ~/InstnlDtls/Orgtr/Nm
CREL177 | Originator Legal Entity Identifier | lei | ~/InstnlDtls/Orgtr/LEI
CREL178 | Originator Establishment Country | country | ~/InstnlDtls/Orgtr/CtryOfDmcl
CREL179 | Original Lender Name | text | ~/InstnlDtls/OrgnlLndr/Nm/Val
CREL180 | Original Lender Legal Entity Identifier | lei | ~/InstnlDtls/OrgnlLndr/LEICd/LEI
CREL181 | Original Lender Establishment Country | country | ~/InstnlDtls/OrgnlLndr/CtryOfDmcl/Cd
CREC1 | Unique Identifier | text |
CREC2 | Underlying Exposure Identifier | text |
CREC3 | Original Collateral Identifier | text | Coll/CollIdr/OrgnlIdr
CREC4 | New Collateral Identifier | text | Coll/CollIdr/NewIdr
CREC5 | Collateral Type | list CollateralType7Code | Coll/CollCmonData/Dtls/CmonData/CollTp
CREC6 | Property Name | text | Coll/CollCmonData/Dtls/PrprtyData/Nm/Val
CREC7 | Property Address | text | Coll/CollCmonData/Dtls/PrprtyData/Adr/Val
CREC8 | Geographic Region - Collateral | nuts | Coll/CollCmonData/Dtls/CmonData/TrtrlUnitClssfctn/Cd
CREC9 | Property Post Code | text | Coll/CollCmonData/Dtls/PrprtyData/PstCd/Val
CREC10 | Lien | integer | Coll/CollCmonData/Dtls/CmonData/LienVal/Lien
CREC11 | Property Status | list PropertyStatus1Code | Coll/CollCmonData/Dtls/PrprtyData/Sts/Cd
CREC12 | Property Type | list PropertyType2Code | Coll/CollCmonData/Dtls/PrprtyTp/Cd
CREC13 | Property Form Of Title | list PropertyTitleForm1Code | Coll/CollCmonData/Dtls/PrprtyData/FormOfTitl/Cd
CREC14 | Current Valuation Date | day | Coll/CollCmonData/Valtn/CurInf/ValtnDt/Dt
CREC15 | Current Valuation Amount | money | Coll/CollCmonData/Valtn/CurInf/ValtnAmt/Val/Amt
CREC16 | Current Valuation Method | list ValuationMethod1Code | Coll/CollCmonData/Valtn/CurInf/ValtnMtd/Cd
CREC17 | Current Valuation Basis | list CurrentValuationBasis1Code | Coll/CollCmonData/Valtn/CurInf/ValtnBsis/Cd
CREC18 | Original Valuation Method | list ValuationMethod1Code | Coll/CollCmonData/Valtn/OrgnlValtnMtd/Cd
CREC19 | Collateral Securitisation Date | day | Coll/CollCmonData/Dtls/PrprtyData/CollScrtstnDt/Dt
CREC20 | Allocated Percentage Of Underlying Exposure At Securitisation Date | percent | Coll/CollCmonData/Dtls/PrprtyData/AllctdPctgAtScrtstnDt/Rate
CREC21 | Current Allocated Underlying Exposure Percentage | percent | Coll/CollCmonData/Dtls/PrprtyData/CurAllctdPctg/Rate
CREC22 | Valuation At Securitisation | money | Coll/CollCmonData/Valtn/InfAtScrtstnDt/ValtnAmt/Val/Amt
CREC23 | Name Of Valuer At Securitisation | text | Coll/CollCmonData/Valtn/InfAtScrtstnDt/VluerNm/Val
CREC24 | Date Of Valuation At Securitisation | day | Coll/CollCmonData/Valtn/InfAtScrtstnDt/ValtnDt/Dt
CREC25 | Year Built | year | Coll/CollCmonData/Dtls/PrprtyData/YrBlt/Yr
CREC26 | Year Last Renovated | year | Coll/CollCmonData/Dtls/PrprtyData/YrLastRnvtd/Yr
CREC27 | Number Of Units | integer | Coll/CollCmonData/Valtn/CurInf/NbOfUnits/Val
CREC28 | Net Square Metres | integer | Coll/CollCmonData/Valtn/CurInf/TtlRntblArea/Val
CREC29 | Commercial Area | integer | Coll/CollCmonData/Valtn/CurInf/ComrclArea/Val
CREC30 | Residential Area | integer | Coll/CollCmonData/Valtn/CurInf/ResdtlArea/Val
CREC31 | Net Internal Floor Area Validated | flag | Coll/CollCmonData/Valtn/CurInf/NetIntlFlrAreaVldtd/Ind
CREC32 | Occupancy As Of Date | day | Coll/CollCmonData/Dtls/PrprtyData/OccpncyAsOfDt/Dt
CREC33 | Economic Occupancy At Securitisation | percent | Coll/CollCmonData/Valtn/InfAtScrtstnDt/EcnmcOccpncy/Rate
CREC34 | Physical Occupancy At Securitisation | percent | Coll/CollCmonData/Valtn/InfAtScrtstnDt/PhysOccpncy/Rate
CREC35 | Vacant Possession Value At Securitisation Date | money | Coll/CollCmonData/Valtn/InfAtScrtstnDt/VacntPssssnVal/Val/Amt
CREC36 | Date Of Financials At Securitisation | day | Coll/CollCmonData/Valtn/InfAtScrtstnDt/FinAcctsDt/Dt
CREC37 | Net Operating Income At Securitisation | money | Coll/CollCmonData/Valtn/InfAtScrtstnDt/NetOprgIncm/Val/Amt
CREC38 | Most Recent Financials As Of Start Date | day | Coll/CollCmonData/Valtn/CurInf/MostRcntFinStmtPrd/FrDt/Dt
CREC39 | Most Recent Financials As Of End Date | day | Coll/CollCmonData/Valtn/CurInf/MostRcntFinStmtPrd/ToDt/Dt
CREC40 | Most Recent Revenue | money | Coll/CollCmonData/Valtn/CurInf/Incm/MostRcntRvn/Val/Amt
CREC41 | Most Recent Operating Expenses | money | Coll/CollCmonData/Valtn/CurInf/Expns/MostRcntOprgExpns/Val/Amt
CREC42 | Most Recent Capital Expenditure | money | Coll/CollCmonData/Valtn/CurInf/Expns/MostRcntCptlXpndtr/Val/Amt
CREC43 | Ground Rent Payable | money | Coll/CollCmonData/Valtn/CurInf/Incm/GrndRntPybl/Val/Amt
CREC44 | Weighted Average Lease Terms | integer | Coll/CollCmonData/Dtls/PrprtyData/WghtdAvrgLeasTerm/Nb
CREC45 | Property Leasehold Expiry | day | Coll/CollCmonData/Dtls/PrprtyData/PrprtyLeashldXpry/Dt
CREC46 | Contractual Annual Rental Income | money | Coll/CollCmonData/Valtn/CurInf/Incm/CtrctlAnlRntlIncm/Val/Amt
CREC47 | Income Expiring 1-12 Months | percent | Coll/CollCmonData/Valtn/CurInf/Incm/XprtnTm/In1To12Mnths/Rate
CREC48 | Income Expiring 13-24 Months | percent | Coll/CollCmonData/Valtn/CurInf/Incm/XprtnTm/In13To24Mnths/Rate
CREC49 | Income Expiring 25-36 Months | percent | Coll/CollCmonData/Valtn/CurInf/Incm/XprtnTm/In25To36Mnths/Rate
CREC50 | Income Expiring 37-48 Months | percent | Coll/CollCmonData/Valtn/CurInf/Incm/XprtnTm/In37To48Mnths/Rate
CREC51 | Income Expiring 49+ Months | percent | Coll/CollCmonData/Valtn/CurInf/Incm/XprtnTm/InOver49Mnths/Rate
CRET1 | Unique Identifier | text |
CRET2 | Underlying Exposure Identifier | text |
CRET3 | Collateral Identifier | text |
CRET4 | Tenant Identifier | text | Coll/CollCmonData/TnntData/TnntIdr
CRET5 | Tenant Name | text | Coll/CollCmonData/TnntData/TnntDtls/Nm/Val
CRET6 | NACE Industry Code | text | Coll/CollCmonData/TnntData/TnntDtls/EcnmcActvty/Cd
CRET7 | Date Of Lease Expiration | day | Coll/CollCmonData/TnntData/TnntDtls/LeasXprtnDt/Dt
CRET8 | Rent Payable | money | Coll/CollCmonData/TnntData/TnntDtls/RntPybl/Val/Amt
CRET9 | Rent Currency | currency | Coll/CollCmonData/TnntData/TnntDtls/RntPybl/Val/Amt/@Ccy
`);
