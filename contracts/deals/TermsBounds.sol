// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How many there are of everything that terms may name.
/// @param figures figures of the report
/// @param inputs figures of the report, the fixings behind them and the price of the purchase list
/// @param lanes lanes in whole words
/// @param steps steps of all programs
/// @param expressions offset of the expressions
/// @param expressionsEnd offset behind them
/// @param first first step of the program that is being checked
/// @param end step behind its last one; 0 outside a program
/// @param refused bit c: opcode c has no meaning where the expression stands
/// @param work what the steps and tokens that were checked cost a run, in units of 250 gas
struct Bounds {
    uint256 classes;
    uint256 accounts;
    uint256 fees;
    uint256 payees;
    uint256 caps;
    uint256 figures;
    uint256 inputs;
    uint256 constants;
    uint256 phases;
    uint256 bases;
    uint256 ledgers;
    uint256 variables;
    uint256 series;
    uint256 triggers;
    uint256 notices;
    uint256 schedules;
    uint256 lanes;
    uint256 steps;
    uint256 expressions;
    uint256 expressionsEnd;
    uint256 first;
    uint256 end;
    uint256 refused;
    uint256 work;
}

/// @title Reads fields of terms in calldata, and the counts that bound everything else.
library TermsBounds {
    /// @notice What the header says; {TermsShape} has checked it.
    function read(bytes calldata terms) internal pure returns (Bounds memory b) {
        b.classes = field(terms, 1, 1);
        b.accounts = field(terms, 2, 1);
        b.fees = field(terms, 3, 1);
        b.payees = field(terms, 4, 1);
        b.caps = field(terms, 5, 1);
        b.figures = field(terms, 6, 1);
        b.inputs = b.figures + field(terms, 61, 1) + field(terms, 63, 1);
        b.constants = field(terms, 7, 1);
        b.phases = field(terms, 8, 1);
        b.bases = field(terms, 10, 1);
        b.ledgers = field(terms, 57, 1);
        b.variables = field(terms, 58, 1);
        b.series = field(terms, 59, 1);
        b.triggers = field(terms, 60, 1);
        b.notices = field(terms, 62, 1);
        b.schedules = field(terms, 90, 1);
        b.lanes = 4 * field(terms, 91, 1);
        b.expressions = field(terms, 38, 2);
        b.expressionsEnd = field(terms, 76, 2);
        b.steps = (b.expressions - field(terms, 36, 2)) / 32;
    }

    /// @notice Big-endian field of `size` bytes; zero beyond the end of the calldata.
    function field(
        bytes calldata terms,
        uint256 offset,
        uint256 size
    ) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, size)), calldataload(add(terms.offset, offset)))
        }
    }
}
