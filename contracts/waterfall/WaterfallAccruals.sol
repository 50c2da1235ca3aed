// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallClaims} from "./WaterfallClaims.sol";
import {WaterfallRates} from "./WaterfallRates.sol";

/// @title Accrues a period's interest.
/// @notice Days are those of the reported period, as the calendar row states them: neither the time
/// of the call nor how often anyone called can change what accrues.
library WaterfallAccruals {
    using MemoryWords for uint256;

    /// @notice Opens the columns of the classes. Their balances stand before any coupon is asked for.
    function accrueClasses(Books memory books, uint256[] memory words) internal pure {
        unchecked {
            uint256 terms = books.terms + (books.terms + 18).u16();
            uint256 parts = 0;
            for (uint256 i = 0; i < words.length; ++i) {
                uint256 class = (terms + (i << 5)).word();
                (books.balances + (i << 5)).put(words[i] >> 192);
                (books.writtens + (i << 5)).put(uint64(words[i]));
                (books.finalDays + (i << 5)).put(uint16(class >> 40));
                parts |= (class & WaterfallClaims.OWN_LANES) | uint16(~class);
            }
            MemoryWords.copy(books.balances, books.openingBalances, words.length);
            // A class with lanes of its own or an available-funds cap has a claim of five parts.
            if (parts != 0) WaterfallClaims.allocate(books);
            for (uint256 i = 0; i < words.length; ++i) {
                uint256 class = (terms + (i << 5)).word();
                if (parts == 0) _accrueClass(books, i << 5, words[i], class);
                else WaterfallClaims.accrue(books, i, words[i], class);
            }
        }
    }

    /// @dev Claim of a class: interest on shortfall, shortfall, current interest. Interest on the
    /// shortfall is simple: what of it stays unpaid bears none.
    function _accrueClass(
        Books memory books,
        uint256 offset,
        uint256 state,
        uint256 class
    ) private pure {
        unchecked {
            uint256 rate = WaterfallRates.couponOf(books, class);
            (books.rates + offset).put(rate);
            uint256 basis = uint8(class >> 120);
            rate *= WaterfallRates.numerator(books, basis);
            uint256 divisor = WaterfallRates.divisor(books, basis);
            uint256 rounding = uint8(class >> 112);
            uint256 current = WaterfallRates.round((state >> 192) * rate, divisor, rounding);
            (books.currents + offset).put(current);
            uint256 shortfall = uint64(state >> 128);
            current += uint64(state >> 64) + shortfall;
            if (shortfall != 0 && (class >> 104) & 1 != 0) {
                current += WaterfallRates.round(shortfall * rate, divisor, rounding);
            }
            (books.dues + offset).put(current);
        }
    }
}
