// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallSeries} from "./WaterfallSeries.sol";

/// @title The opcodes from 42 on: signed arithmetic, and what lies outside the columns of the books.
library WaterfallLookups {
    using MemoryWords for uint256;

    uint256 private constant MUL = 42;
    uint256 private constant SMULDIV = 43;
    uint256 private constant PHASE = 44;
    uint256 private constant TRIG = 45;
    uint256 private constant LANE = 46;
    uint256 private constant SLANE = 47;
    uint256 private constant HIST = 48;
    uint256 private constant HISTSUM = 49;
    uint256 private constant HISTMAX = 50;
    uint256 private constant HISTCOUNT = 51;
    uint256 private constant DAYS = 52;
    uint256 private constant PERIOD = 53;
    uint256 private constant NOTICE = 54;
    uint256 private constant CUREIC = 55;
    uint256 private constant SCHED = 56;
    uint256 private constant CURRENT = 57;
    uint256 private constant MONTH = 58;

    /// @notice Carries a token out, with the top of the stack in `top` and the values below it in memory
    /// up to `sp`. Nothing here may allocate memory: the stack lies where it would be taken.
    /// @param token opcode u8 | operand u16
    /// @return spAfter Where the stack ends now.
    /// @return value The new top.
    function execute(
        Books memory books,
        uint256 token,
        uint256 sp,
        int256 top
    ) internal pure returns (uint256 spAfter, int256 value) {
        unchecked {
            uint256 op = token >> 16;
            uint256 operand = uint16(token);
            if (op == MUL) {
                return (sp - 32, _multiply(books, (sp - 32).signed(), top));
            }
            if (op == SMULDIV) {
                int256 a = (sp - 64).signed();
                return (sp - 64, _multiplyDivide(books, a, (sp - 32).signed(), top));
            }
            if (op == CUREIC) {
                (int256 n, int256 tn) = ((sp - 64).signed(), (sp - 32).signed());
                if (n < 0 || tn < 0 || top < 0) {
                    books.flags |= WaterfallExpressions.NEGATIVE;
                    return (sp - 64, 0);
                }
                uint256 covered = _cureOperand(books, n) * _cureOperand(books, top);
                return (sp - 64, _cureInterest(books, operand, _cureOperand(books, tn), covered));
            }
            sp.put(uint256(top));
            return (sp + 32, _load(books, op, operand));
        }
    }

    function _load(Books memory books, uint256 op, uint256 operand) private pure returns (int256) {
        unchecked {
            if (op == LANE) return (books.accounts + (operand << 5)).signed();
            if (op == SLANE) return int64(uint64((books.accounts + (operand << 5)).word()));
            if (op == SCHED) return _schedule(books, operand);
            if (op == TRIG) {
                uint256 trigger = books.terms + (books.terms + 82).u16() + (operand << 5);
                uint256 lane = books.accounts + ((trigger + 6).u8() << 5);
                return int256(lane.word() >> 63);
            }
            if (op == CURRENT) return (books.currents + (operand << 5)).signed();
            if (op == PHASE) return int256(books.phase);
            if (op == DAYS) return int256((books.row + 24 + (operand << 2)).u32());
            if (op == PERIOD) return int256(books.period);
            if (op == MONTH) return int256(((books.row + 17).u16() % 12) + 1);
            if (op == NOTICE) return int256((books.notices >> operand) & 1);
            if (op == HIST) return WaterfallSeries.valueAt(books, operand >> 8, uint8(operand));
            if (op >= HISTSUM && op <= HISTCOUNT) {
                (int256 sum, int256 largest, uint256 count) = WaterfallSeries.lookBack(
                    books,
                    operand >> 8,
                    uint8(operand)
                );
                if (op == HISTCOUNT) return int256(count);
                return op == HISTMAX ? largest : sum;
            }
            return (books.rates + (operand << 5)).signed();
        }
    }

    function _multiply(Books memory books, int256 a, int256 b) private pure returns (int256) {
        unchecked {
            return
                WaterfallExpressions.cut(
                    books,
                    WaterfallExpressions.cut(books, a) * WaterfallExpressions.cut(books, b)
                );
        }
    }

    /// @dev Rounds toward minus infinity.
    function _multiplyDivide(
        Books memory books,
        int256 a,
        int256 b,
        int256 c
    ) private pure returns (int256) {
        unchecked {
            int256 product =
                WaterfallExpressions.cut(books, a) * WaterfallExpressions.cut(books, b);
            c = WaterfallExpressions.cut(books, c);
            if (c <= 0) {
                books.flags |=
                    c == 0 ? WaterfallExpressions.DIVZERO : WaterfallExpressions.NEGATIVE;
                return 0;
            }
            return WaterfallExpressions.cut(books, floorOf(product, c));
        }
    }

    /// @notice Rounds toward minus infinity. `divisor` is above zero.
    function floorOf(int256 dividend, int256 divisor) internal pure returns (int256) {
        unchecked {
            int256 quotient = dividend / divisor;
            return dividend < quotient * divisor ? quotient - 1 : quotient;
        }
    }

    /// @dev The last row that has begun, and its increment for every twelve periods since.
    function _schedule(Books memory books, uint256 schedule) private pure returns (int256) {
        unchecked {
            uint256 start = books.terms + (books.terms + 88).u16();
            uint256 entry = start + schedule * 6;
            uint256 first = start + entry.u16();
            // A schedule may have a row for every period: the row is found by halves.
            uint256 low = 0;
            for (uint256 high = (entry + 2).u16(); high - low > 1;) {
                uint256 middle = (low + high) >> 1;
                if ((first + middle * 18).u16() > books.period) high = middle;
                else low = middle;
            }
            uint256 row = first + low * 18;
            int256 value = int64(uint64(row.word() >> 176));
            uint256 from = row.u16();
            if (books.period <= from) return value;
            int256 increment = int64(uint64(row.word() >> 112));
            return value + floorOf(increment * int256(books.period - from), 12);
        }
    }

    /// @dev What must be repaid for the coverage N / interest to reach tn / td: each class of the mask
    /// takes interest away as its balance is repaid, in class order.
    /// @param covered N times td
    function _cureInterest(
        Books memory books,
        uint256 mask,
        uint256 tn,
        uint256 covered
    ) private pure returns (int256 amount) {
        unchecked {
            uint256 due = 0;
            for (uint256 c = 0; c < 16; ++c) {
                if ((mask >> c) & 1 != 0) due += (books.openingDues + (c << 5)).word();
            }
            if (due * tn <= covered) return 0;
            uint256 need = due * tn - covered;
            for (uint256 c = 0; c < 16 && need != 0; ++c) {
                if ((mask >> c) & 1 == 0) continue;
                uint256 interest = (books.openingDues + (c << 5)).word() * tn;
                if (interest == 0) continue;
                // Interest of a period has at most 107 bits, so that no product passes 2^256.
                uint256 balance = MemoryWords.cut((books.balances + (c << 5)).word());
                if (need >= interest) {
                    amount += int256(balance);
                    need -= interest;
                } else {
                    amount += int256((need * balance + interest - 1) / interest);
                    need = 0;
                }
            }
        }
    }

    function _cureOperand(Books memory books, int256 value) private pure returns (uint256) {
        if (uint256(value) <= 1 << 63) return uint256(value);
        books.flags |= WaterfallExpressions.OVERFLOW;
        return 1 << 63;
    }
}
