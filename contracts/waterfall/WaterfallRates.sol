// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";

/// @title Annual rates, the days that they run for, and the rounding of what accrues.
library WaterfallRates {
    using MemoryWords for uint256;

    uint256 private constant WAD = 1e18;

    /// @notice The coupon of a class, annual, WAD: fixed, or the value of its expression within u64.
    function couponOf(Books memory books, uint256 class) internal pure returns (uint256 rate) {
        uint256 pointer = uint16(class >> 56);
        if (pointer == WaterfallExpressions.ABSENT) return uint64(class >> 128);
        return MemoryWords.cut(WaterfallExpressions.amount(books, pointer));
    }

    /// @notice Day-count numerator of the period; the compiler has put it into the calendar row.
    function numerator(Books memory books, uint256 basis) internal pure returns (uint256) {
        unchecked {
            return (books.row + 24 + (basis << 2)).u32();
        }
    }

    /// @notice Day-count denominator times WAD.
    function divisor(Books memory books, uint256 basis) internal pure returns (uint256) {
        unchecked {
            return (books.terms + (books.terms + 30).u16() + (basis << 2)).u32() * WAD;
        }
    }

    /// @notice 1 half-up, 2 floor, 3 ceil. The divisor is even, so half of it is exact. Operands are
    /// below 2^224; a divisor of 0 (no such terms are compiled) gives 0.
    function round(
        uint256 product,
        uint256 denominator,
        uint256 rounding
    ) internal pure returns (uint256 quotient) {
        uint256 dividend = padded(product, denominator, rounding);
        assembly ("memory-safe") {
            quotient := div(dividend, denominator)
        }
    }

    /// @notice What divides by `denominator` to the rounded quotient when the rest is dropped.
    function padded(
        uint256 product,
        uint256 denominator,
        uint256 rounding
    ) internal pure returns (uint256) {
        unchecked {
            if (rounding == 1) return product + denominator / 2;
            if (rounding == 3) return product + denominator - 1;
            return product;
        }
    }
}
