// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallRates} from "./WaterfallRates.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";

/// @title Accrues a period's fees and starts the years of their caps.
library WaterfallFees {
    using MemoryWords for uint256;

    uint256 private constant RATE = 1;
    uint256 private constant FIXED = 2;
    uint256 private constant CALENDAR_YEAR = 1;
    uint256 private constant LIFE = 3;

    /// @notice A cap starts afresh when its year differs from that of the row before; one over the
    /// life of the deal never does.
    function startCapYears(Books memory books) internal pure {
        unchecked {
            uint256 count = books.capCount;
            uint256 terms = books.terms + (books.terms + 22).u16();
            uint256 stride = (books.terms + 15).u8();
            for (uint256 i = 0; i < count; ++i) {
                uint256 cap = (terms + (i << 4)).word();
                uint256 used = books.capsUsed + (i << 5);
                uint256 kind = uint8(cap >> 184);
                if (kind != LIFE) {
                    uint256 year = books.row + (kind == CALENDAR_YEAR ? 19 : 20);
                    if (books.period == 1 || year.u8() != (year - stride).u8()) used.put(0);
                }
                uint256 cents = cap >> 192;
                uint256 spent = used.word();
                if (cents > spent) (books.capsLeft + (i << 5)).put(cents - spent);
            }
        }
    }

    /// @notice No interest on unpaid fees.
    function accrueFees(Books memory books) internal pure {
        unchecked {
            uint256 entry = books.terms + (books.terms + 20).u16();
            uint256 end = entry + (books.feeCount << 5);
            uint256 due = books.feeDues;
            for (; entry != end; entry += 32) {
                uint256 fee = entry.word();
                uint256 kind = fee >> 248;
                uint256 accrued = uint64(fee >> 160);
                if (kind != FIXED) accrued = _accrue(books, fee, kind, accrued);
                due.put(due.word() + accrued);
                due += 32;
            }
        }
    }

    /// @dev A rate on a figure or on an expression, or the amount of an expression.
    function _accrue(
        Books memory books,
        uint256 fee,
        uint256 kind,
        uint256 rate
    ) private pure returns (uint256) {
        unchecked {
            uint256 pointer = uint16(fee >> 112);
            uint256 base;
            if (pointer == WaterfallExpressions.ABSENT) {
                int256 figure = (books.figures + (((fee >> 152) & 0xff) << 5)).signed();
                if (figure <= 0) return 0;
                base = uint256(figure);
            } else {
                base = WaterfallExpressions.amount(books, pointer);
                if (base > type(uint64).max) {
                    books.flags |= WaterfallExpressions.OVERFLOW;
                    base = type(uint64).max;
                }
            }
            if (kind != RATE) return base;
            uint256 basis = uint8(fee >> 240);
            return
                WaterfallRates.round(
                    base * rate * WaterfallRates.numerator(books, basis),
                    WaterfallRates.divisor(books, basis),
                    uint8(fee >> 232)
                );
        }
    }
}
