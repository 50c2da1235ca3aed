// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";
import {TermsParties} from "./TermsParties.sol";
import {TermsProgram} from "./TermsProgram.sol";
import {TermsReporting} from "./TermsReporting.sol";
import {TermsState} from "./TermsState.sol";

/// @title Checks that compiled terms have the shape of format 2.
/// @notice What every reader of the deal code relies on without looking again: counts, sections and the calendar, whose times
///  must follow each other because a record time is found by binary search. {TermsParties} checks classes, fees and the
///  like, {TermsState} what is remembered, {TermsProgram} the programs, {TermsReporting} the rules of reporting.
library TermsShape {
    using TermsBounds for bytes;

    uint256 private constant HEADER_BYTES = 96;
    uint256 private constant NONE = 0xff;
    uint256 private constant NO_CAP = 0xffff;
    uint256 private constant BPS = 10_000;

    /// @dev Ten million gas: a transaction may have 16.7 million (EIP-7825), and a distribution funds and pays beside its run.
    uint256 private constant MAX_WORK = 40_000;

    /// @param classes classes of the deal
    /// @param payees payees of the deal
    /// @param cashDecimals decimals of the cash token
    /// @param indices indices that a feed fixes
    struct Shape {
        uint256 classes;
        uint256 payees;
        uint256 cashDecimals;
        uint256 indices;
    }

    /// @notice Reverts with the first thing that is wrong.
    function check(bytes calldata terms) internal view returns (Shape memory shape) {
        require(
            terms.length >= HEADER_BYTES,
            IDealFactory.TermsLengthMismatch(terms.length, HEADER_BYTES)
        );
        uint256 format = terms.field(0, 1);
        require(format == 2, IDealFactory.TermsFormatUnknown(uint8(format)));
        uint256 length = terms.field(44, 2);
        require(length == terms.length, IDealFactory.TermsLengthMismatch(terms.length, length));
        _checkCounts(terms);
        _checkSections(terms);
        shape = Shape(terms.field(1, 1), terms.field(4, 1), terms.field(13, 1), terms.field(61, 1));
        Bounds memory b = TermsBounds.read(terms);
        TermsParties.check(terms, b);
        TermsState.check(terms, b);
        TermsProgram.check(terms, b);
        require(b.work <= MAX_WORK, IDealFactory.TermsTooCostly(b.work, MAX_WORK));
        _checkCalendar(terms);
        TermsReporting.check(terms, b);
    }

    function _checkCounts(bytes calldata terms) private pure {
        uint256 accounts = _count(terms, 2, 1, 8);
        _count(terms, 1, 1, 16); // classes
        _count(terms, 3, 0, 16); // fees
        _count(terms, 4, 1, 16); // payees
        _count(terms, 5, 0, 16); // caps
        _count(terms, 6, 4, 32); // figures
        _count(terms, 8, 1, 8); // phases
        _count(terms, 9, 0, 16); // transitions
        uint256 bases = _count(terms, 10, 1, 8);
        _count(terms, 11, 0, accounts - 1); // collection account
        if (terms.field(12, 1) != NONE) _count(terms, 12, 0, accounts - 1); // reserve account
        _count(terms, 13, 2, 8); // cash decimals
        _count(terms, 14, 1, 3); // split rounding
        uint256 stride = 24 + 4 * bases + 5 * _count(terms, 61, 0, 4);
        _count(terms, 15, stride, stride); // calendar stride
        _count(terms, 57, 0, 8); // ledgers
        _count(terms, 58, 0, 8); // variables
        _count(terms, 59, 0, 16); // series
        _count(terms, 60, 0, 16); // triggers
        _count(terms, 62, 0, 8); // notices
        _count(terms, 63, 0, 1); // flags
        _count(terms, 90, 0, 16); // schedules
        uint256 periods = terms.field(16, 2);
        require(periods != 0, IDealFactory.TermsCountInvalid(16, 0));
        uint256 rest = terms.field(94, 2);
        require(rest == 0, IDealFactory.TermsCountInvalid(94, rest));
        uint256 capBps = terms.field(51, 2);
        require(capBps <= BPS || capBps == NO_CAP, IDealFactory.TermsCountInvalid(51, capBps));
    }

    function _count(
        bytes calldata terms,
        uint256 offset,
        uint256 minimum,
        uint256 maximum
    ) private pure returns (uint256 value) {
        value = terms.field(offset, 1);
        require(
            value >= minimum && value <= maximum,
            IDealFactory.TermsCountInvalid(offset, value)
        );
    }

    /// @dev Every section starts where the one before ends; only steps and expressions tell their size by it.
    function _checkSections(bytes calldata terms) private pure {
        uint256 next = _section(terms, 18, HEADER_BYTES) + 32 * terms.field(1, 1);
        next = _section(terms, 20, next) + 32 * terms.field(3, 1);
        next = _section(terms, 22, next) + 16 * terms.field(5, 1);
        next = _section(terms, 24, next) + 16 * terms.field(2, 1);
        next = _section(terms, 26, next) + 24 * terms.field(6, 1);
        next = _section(terms, 28, next) + 16 * terms.field(7, 1);
        next = _section(terms, 30, next) + 4 * terms.field(10, 1);
        next = _section(terms, 32, next) + 8 * terms.field(8, 1);
        uint256 steps = _section(terms, 34, next) + 8 * terms.field(9, 1);
        _section(terms, 36, steps);
        uint256 expressions = terms.field(38, 2);
        require(
            expressions >= steps && (expressions - steps) % 32 == 0,
            IDealFactory.TermsSectionInvalid(38, expressions, steps)
        );
        next = terms.field(76, 2);
        require(next >= expressions, IDealFactory.TermsSectionInvalid(76, next, expressions));
        next = _section(terms, 78, next + 4 * terms.field(57, 1));
        next = _section(terms, 80, next + 16 * terms.field(58, 1));
        next = _section(terms, 82, next + 16 * terms.field(59, 1));
        next = _section(terms, 84, next + 32 * terms.field(60, 1));
        next = _section(terms, 86, next + 16 * terms.field(61, 1));
        next = _section(terms, 88, next + 4 * terms.field(62, 1));
        uint256 calendar = terms.field(40, 2);
        require(calendar >= next, IDealFactory.TermsSectionInvalid(40, calendar, next));
        _section(terms, 92, calendar + terms.field(16, 2) * terms.field(15, 1));
        uint256 names = terms.field(42, 2);
        require(names <= terms.length, IDealFactory.TermsSectionInvalid(42, names, terms.length));
    }

    function _section(
        bytes calldata terms,
        uint256 offset,
        uint256 expected
    ) private pure returns (uint256) {
        uint256 value = terms.field(offset, 2);
        require(value == expected, IDealFactory.TermsSectionInvalid(offset, value, expected));
        return value;
    }

    /// @dev The collection month ends, the record time passes, the money is paid, the next record time comes after grace.
    function _checkCalendar(bytes calldata terms) private view {
        uint256 closing = terms.field(46, 5);
        require(
            block.timestamp < closing,
            IDealFactory.ClosingTimePassed(block.timestamp, closing)
        );
        uint256 grace = terms.field(53, 4);
        uint256 periods = terms.field(16, 2);
        uint256 stride = terms.field(15, 1);
        uint256 row = terms.field(40, 2);
        uint256 lastDetermination = 0;
        uint256 earliestRecord = closing + 1;
        for (uint256 period = 1; period <= periods; ++period) {
            uint256 determination = terms.field(row, 5);
            uint256 record = terms.field(row + 5, 5);
            uint256 payment = terms.field(row + 10, 5);
            require(
                determination > lastDetermination &&
                    determination <= payment &&
                    record >= earliestRecord &&
                    record < payment &&
                    _areFixedBy(terms, row, payment),
                IDealFactory.CalendarInvalid(period)
            );
            lastDetermination = determination;
            earliestRecord = payment + grace + 1;
            row += stride;
        }
    }

    /// @dev An index that is fixed only after the payment time would hold the payment up, for ever if need be.
    function _areFixedBy(
        bytes calldata terms,
        uint256 row,
        uint256 payment
    ) private pure returns (bool) {
        uint256 end = row + terms.field(15, 1);
        row += 24 + 4 * terms.field(10, 1);
        for (; row != end; row += 5) {
            if (terms.field(row, 5) > payment) return false;
        }
        return true;
    }
}
