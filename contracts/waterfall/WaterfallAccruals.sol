// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books, Run} from "./WaterfallBooks.sol";

/// @title Accrues a period's interest and fees and starts the years of annual caps.
/// @notice Days are those of the reported period, as the calendar row states them: neither the time
/// of the call nor how often anyone called can change what accrues.
library WaterfallAccruals {
    using MemoryWords for uint256;

    uint256 private constant WAD = 1e18;

    /// @notice Claim of a class: interest on shortfall, shortfall, current interest. Interest on the
    /// shortfall is simple: what of it stays unpaid bears none.
    function accrueClasses(Books memory books, Run memory run) internal pure {
        unchecked {
            uint256[] memory words = run.classWords;
            uint256 terms = run.terms + (run.terms + 18).u16();
            uint256 bases = run.terms + (run.terms + 30).u16();
            for (uint256 i = 0; i < words.length; ++i) {
                uint256 class = (terms + (i << 5)).word();
                uint256 basis = uint8(class >> 120);
                _accrueClass(
                    books,
                    i << 5,
                    words[i],
                    class,
                    uint64(class >> 128) * _numerator(run.row, basis),
                    _divisor(bases, basis)
                );
            }
        }
    }

    /// @dev `rate` is coupon (WAD, annual) times days, `divisor` the days of the year times WAD.
    function _accrueClass(
        Books memory books,
        uint256 offset,
        uint256 state,
        uint256 class,
        uint256 rate,
        uint256 divisor
    ) private pure {
        unchecked {
            uint256 balance = state >> 192;
            (books.balances + offset).put(balance);
            (books.openingBalances + offset).put(balance);
            (books.writtens + offset).put(uint64(state));
            (books.finalDays + offset).put(uint16(class >> 40));
            uint256 current = _round(balance * rate, divisor, uint8(class >> 112));
            (books.currents + offset).put(current);
            uint256 shortfall = uint64(state >> 128);
            current += uint64(state >> 64) + shortfall;
            if (shortfall != 0 && uint8(class >> 104) != 0) {
                current += _round(shortfall * rate, divisor, uint8(class >> 112));
            }
            (books.dues + offset).put(current);
        }
    }

    /// @notice No interest on unpaid fees.
    function accrueFees(Books memory books, Run memory run) internal pure {
        unchecked {
            uint256 terms = run.terms + (run.terms + 20).u16();
            uint256 bases = run.terms + (run.terms + 30).u16();
            uint256 end = terms + (books.feeCount << 5);
            uint256 due = books.feeDues;
            for (; terms != end; terms += 32) {
                uint256 fee = terms.word();
                uint256 accrued = uint64(fee >> 160);
                if (fee >> 248 == 1) {
                    int256 base = (books.figures + (((fee >> 152) & 0xff) << 5)).signed();
                    uint256 basis = uint8(fee >> 240);
                    accrued =
                        base <= 0
                            ? 0
                            : _round(
                                uint256(base) * accrued * _numerator(run.row, basis),
                                _divisor(bases, basis),
                                uint8(fee >> 232)
                            );
                }
                due.put(due.word() + accrued);
                due += 32;
            }
        }
    }

    /// @notice A cap starts afresh when its year differs from that of the row before.
    function startCapYears(Books memory books, Run memory run) internal pure {
        unchecked {
            uint256 terms = run.terms + (run.terms + 22).u16();
            uint256 stride = (run.terms + 15).u8();
            for (uint256 i = 0; i < books.capCount; ++i) {
                uint256 cap = (terms + (i << 4)).word();
                uint256 used = books.capsUsed + (i << 5);
                uint256 year = run.row + (uint8(cap >> 184) == 1 ? 19 : 20);
                if (run.period == 1 || year.u8() != (year - stride).u8()) used.put(0);
                uint256 cents = cap >> 192;
                uint256 spent = used.word();
                if (cents > spent) (books.capsLeft + (i << 5)).put(cents - spent);
            }
        }
    }

    /// @dev Day-count numerator of the period; the compiler has put it into the calendar row.
    function _numerator(uint256 row, uint256 basis) private pure returns (uint256) {
        unchecked {
            return (row + 24 + (basis << 2)).u32();
        }
    }

    /// @dev Day-count denominator times WAD.
    function _divisor(uint256 bases, uint256 basis) private pure returns (uint256) {
        unchecked {
            return (bases + (basis << 2)).u32() * WAD;
        }
    }

    /// @dev 1 half-up, 2 floor, 3 ceil. The divisor is even, so half of it is exact. Operands are
    /// below 2^224; a divisor of 0 (no such terms are compiled) gives 0.
    function _round(
        uint256 product,
        uint256 divisor,
        uint256 rounding
    ) private pure returns (uint256 quotient) {
        unchecked {
            if (rounding == 1) product += divisor >> 1;
            else if (rounding == 3) product += divisor - 1;
        }
        assembly ("memory-safe") {
            quotient := div(product, divisor)
        }
    }
}
