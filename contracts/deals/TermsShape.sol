// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {TermsProgram} from "./TermsProgram.sol";

/// @title Checks that compiled terms have the shape of format 2.
/// @notice What every reader of the deal code relies on without looking again: counts, sections, faces, fee payees and the
///  calendar, whose times must follow each other because a record time is found by binary search. {TermsProgram} checks the
///  programs.
library TermsShape {
    uint256 private constant HEADER_BYTES = 96;
    uint256 private constant MAX_FACE = type(uint48).max;
    uint256 private constant NONE = 0xff;
    uint256 private constant NO_CAP = 0xffff;
    uint256 private constant BPS = 10_000;

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
        uint256 format = _field(terms, 0, 1);
        require(format == 2, IDealFactory.TermsFormatUnknown(uint8(format)));
        uint256 length = _field(terms, 44, 2);
        require(length == terms.length, IDealFactory.TermsLengthMismatch(terms.length, length));
        _checkCounts(terms);
        _checkSections(terms);
        shape = Shape(
            _field(terms, 1, 1),
            _field(terms, 4, 1),
            _field(terms, 13, 1),
            _field(terms, 61, 1)
        );
        _checkClassesAndFees(terms, shape);
        TermsProgram.check(terms);
        _checkCalendar(terms);
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
        if (_field(terms, 12, 1) != NONE) _count(terms, 12, 0, accounts - 1); // reserve account
        _count(terms, 13, 2, 8); // cash decimals
        _count(terms, 14, 1, 3); // split rounding
        uint256 stride = 24 + 4 * bases + 5 * _count(terms, 61, 0, 4);
        _count(terms, 15, stride, stride); // calendar stride
        uint256 periods = _field(terms, 16, 2);
        require(periods != 0, IDealFactory.TermsCountInvalid(16, 0));
        uint256 capBps = _field(terms, 51, 2);
        require(capBps <= BPS || capBps == NO_CAP, IDealFactory.TermsCountInvalid(51, capBps));
    }

    function _count(
        bytes calldata terms,
        uint256 offset,
        uint256 minimum,
        uint256 maximum
    ) private pure returns (uint256 value) {
        value = _field(terms, offset, 1);
        require(
            value >= minimum && value <= maximum,
            IDealFactory.TermsCountInvalid(offset, value)
        );
    }

    /// @dev Every section starts where the one before ends; only steps and expressions tell their size by it.
    function _checkSections(bytes calldata terms) private pure {
        uint256 next = _section(terms, 18, HEADER_BYTES) + 32 * _field(terms, 1, 1);
        next = _section(terms, 20, next) + 32 * _field(terms, 3, 1);
        next = _section(terms, 22, next) + 16 * _field(terms, 5, 1);
        next = _section(terms, 24, next) + 16 * _field(terms, 2, 1);
        next = _section(terms, 26, next) + 24 * _field(terms, 6, 1);
        next = _section(terms, 28, next) + 16 * _field(terms, 7, 1);
        next = _section(terms, 30, next) + 4 * _field(terms, 10, 1);
        next = _section(terms, 32, next) + 8 * _field(terms, 8, 1);
        uint256 steps = _section(terms, 34, next) + 8 * _field(terms, 9, 1);
        _section(terms, 36, steps);
        uint256 expressions = _field(terms, 38, 2);
        require(
            expressions >= steps && (expressions - steps) % 32 == 0,
            IDealFactory.TermsSectionInvalid(38, expressions, steps)
        );
        next = _field(terms, 76, 2);
        require(next >= expressions, IDealFactory.TermsSectionInvalid(76, next, expressions));
        next = _section(terms, 78, next + 4 * _field(terms, 57, 1));
        next = _section(terms, 80, next + 16 * _field(terms, 58, 1));
        next = _section(terms, 82, next + 16 * _field(terms, 59, 1));
        next = _section(terms, 84, next + 32 * _field(terms, 60, 1));
        next = _section(terms, 86, next + 16 * _field(terms, 61, 1));
        next = _section(terms, 88, next + 4 * _field(terms, 62, 1));
        uint256 calendar = _field(terms, 40, 2);
        require(calendar >= next, IDealFactory.TermsSectionInvalid(40, calendar, next));
        uint256 names = calendar + _field(terms, 16, 2) * _field(terms, 15, 1);
        _section(terms, 42, names);
        require(names <= terms.length, IDealFactory.TermsSectionInvalid(42, names, terms.length));
    }

    function _section(
        bytes calldata terms,
        uint256 offset,
        uint256 expected
    ) private pure returns (uint256) {
        uint256 value = _field(terms, offset, 2);
        require(value == expected, IDealFactory.TermsSectionInvalid(offset, value, expected));
        return value;
    }

    function _checkClassesAndFees(bytes calldata terms, Shape memory shape) private pure {
        uint256 position = HEADER_BYTES;
        for (uint256 i = 0; i < shape.classes; ++i) {
            uint256 face = _field(terms, position, 8);
            require(face != 0 && face <= MAX_FACE, IDealFactory.FaceInvalid(i, face));
            position += 32;
        }
        uint256 fees = _field(terms, 3, 1);
        for (uint256 i = 0; i < fees; ++i) {
            uint256 payee = _field(terms, position + 3, 1);
            require(payee < shape.payees, IDealFactory.FeePayeeInvalid(i, payee));
            position += 32;
        }
    }

    /// @dev The collection month ends, the record time passes, the money is paid, the next record time comes after grace.
    function _checkCalendar(bytes calldata terms) private view {
        uint256 closing = _field(terms, 46, 5);
        require(
            block.timestamp < closing,
            IDealFactory.ClosingTimePassed(block.timestamp, closing)
        );
        uint256 grace = _field(terms, 53, 4);
        uint256 periods = _field(terms, 16, 2);
        uint256 stride = _field(terms, 15, 1);
        uint256 row = _field(terms, 40, 2);
        uint256 lastDetermination = 0;
        uint256 earliestRecord = closing + 1;
        for (uint256 period = 1; period <= periods; ++period) {
            uint256 determination = _field(terms, row, 5);
            uint256 record = _field(terms, row + 5, 5);
            uint256 payment = _field(terms, row + 10, 5);
            require(
                determination > lastDetermination &&
                    determination <= payment &&
                    record >= earliestRecord &&
                    record < payment,
                IDealFactory.CalendarInvalid(period)
            );
            lastDetermination = determination;
            earliestRecord = payment + grace + 1;
            row += stride;
        }
    }

    /// @dev Big-endian field; zero beyond the end, which {check} excludes by the section checks.
    function _field(
        bytes calldata terms,
        uint256 offset,
        uint256 size
    ) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, size)), calldataload(add(terms.offset, offset)))
        }
    }
}
