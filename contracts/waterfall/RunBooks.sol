// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a run starts from. Positions are memory positions.
/// @param terms The terms up to the calendar, as `DealTerms.copyForRun` lays them out.
/// @param row The period's calendar row, with the row before it in front (if there is one).
/// @param phase The phase that the deal is in.
/// @param notices Bit q: notice q is in force.
/// @param classWords One word per class: balance, shortfall, interest on shortfall, write-down.
/// @param laneWords The deal's lanes, four u64 a word.
/// @param figures The accepted report's figures, then the fixings and the price of the purchase list.
struct Run {
    uint256 terms;
    uint256 row;
    uint256 dealId;
    uint256 period;
    uint256 phase;
    uint256 notices;
    uint256[] classWords;
    uint256[] laneWords;
    int256[] figures;
}

/// @notice The running books of one run: positions of columns of words, one word per class, fee,
/// account, cap, payee or step. The columns 2 to 17 stand in the order of the opcodes that read them
/// (`WaterfallExpressions` finds a column by its opcode); do not move a field before `flags`.
/// `paids` and `losts` are indexed by a step's absolute index.
struct Books {
    uint256 terms; //            0
    uint256 constants; //        1  CONST, i128 each
    uint256 figures; //          2  FIGURE
    uint256 lets; //             3  LET
    uint256 balances; //         4  BAL
    uint256 openingBalances; //  5  BAL0
    uint256 dues; //             6  DUE
    uint256 openingDues; //      7  DUE0
    uint256 feeDues; //          8  FDUE
    uint256 openingFeeDues; //   9  FDUE0
    uint256 accounts; //        10  ACCT; the lanes begin here
    uint256 openingAccounts; // 11  ACCT0
    uint256 capsLeft; //        12  CAPLEFT
    uint256 paids; //           13  PAID
    uint256 losts; //           14  LOST
    uint256 writtens; //        15  WRITTEN
    uint256 finalDays; //       16  FINAL
    uint256 paymentDay; //      17  PAYDAY
    uint256 expressions; //     18
    uint256 capsUsed; //        19
    uint256 payees; //          20
    uint256 currents; //        21  interest accrued this period
    uint256 flags; //           22  raised since the last step record
    uint256 classCount; //      23
    uint256 feeCount; //        24
    uint256 accountCount; //    25
    uint256 capCount; //        26
    uint256 payeeCount; //      27
    uint256 firstStep; //       28  absolute index of the first step of the program that runs
    uint256 stepCount; //       29
    uint256 row; //             30  of the calendar
    uint256 period; //          31
    uint256 notices; //         32
    uint256 phase; //           33  the register as expressions read it
    uint256 nextPhase; //       34  the register of the next run
    uint256 rates; //           35  annual rates of the classes, WAD
    uint256 recorded; //        36  how many series are recorded in this run
    uint256 claims; //          37  parts of the classes' claims; 0: three parts, none of them looked at
    uint256 deferreds; //       38  deferred interest that no ordinary payment meets
    uint256 carryOvers; //      39  carried interest that no ordinary payment meets
    int256 price; //            40  of the purchase list; 0 once it is paid
    uint256 own; //             41  first lane behind those of the caps: the ledgers
}
