// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";

/// @title Tests triggers: breached by k of the last n tests, cured by passing tests or by notice.
/// @notice A trigger's lane: in breach u1 | 0 u7 | tests u8 (stays at 255) | the last 48 tests, the newest
/// in bit 0, 1 for a test that failed.
library WaterfallTriggers {
    using MemoryWords for uint256;

    int256 private constant WAD = 1e18;
    uint256 private constant CURE_BY_NOTICE = 0xff;

    /// @notice Tests the trigger whose terms lie at `entry`.
    /// @return inBreach 1 while it is in breach.
    /// @return failed 1 when this test failed.
    function test(
        Books memory books,
        uint256 entry
    ) internal pure returns (uint256 inBreach, uint256 failed) {
        unchecked {
            uint256 terms = entry.word();
            uint256 place = books.accounts + (((terms >> 200) & 0xff) << 5);
            uint256 cure = uint8(terms >> 224);
            if (cure == CURE_BY_NOTICE && (books.notices >> uint8(terms >> 216)) & 1 != 0) {
                place.put(0);
                return (0, 0);
            }
            failed = _fails(books, terms) ? 1 : 0;
            uint256 lane = place.word();
            uint256 tests = (lane >> 48) & 0xff;
            if (tests < 255) ++tests;
            uint256 bits = ((lane << 1) | failed) & (2 ** 48 - 1);
            bool breached = _ones(bits & ((1 << uint8(terms >> 232)) - 1)) >= uint8(terms >> 240);
            if (lane >> 63 == 0 || breached) {
                inBreach = breached ? 1 : 0;
            } else {
                bool cured =
                    cure != 0 && cure <= 48 && tests >= cure && bits & ((1 << cure) - 1) == 0;
                inBreach = cured ? 0 : 1;
            }
            place.put((inBreach << 63) | (tests << 48) | bits);
        }
    }

    /// @dev N / D compared with T by multiplication; a trigger on an amount has no D.
    function _fails(Books memory books, uint256 terms) private pure returns (bool) {
        unchecked {
            int256 left = _valueOf(books, uint16(terms >> 176));
            uint256 pointer = uint16(terms >> 160);
            int256 divisor = 1;
            if (pointer != WaterfallExpressions.ABSENT) {
                divisor = _valueOf(books, pointer);
                left *= WAD;
                if (divisor == 0) {
                    books.flags |= WaterfallExpressions.DIVZERO;
                    (left, divisor) = (0, 1);
                }
            }
            int256 right = _valueOf(books, uint16(terms >> 144)) * divisor;
            uint256 comparison = uint8(terms >> 208);
            if (comparison == 1) return left > right;
            if (comparison == 2) return left >= right;
            return comparison == 3 ? left < right : left <= right;
        }
    }

    function _valueOf(Books memory books, uint256 pointer) private pure returns (int256) {
        return WaterfallExpressions.cut(books, WaterfallExpressions.evaluate(books, pointer));
    }

    function _ones(uint256 bits) private pure returns (uint256 count) {
        unchecked {
            for (; bits != 0; bits &= bits - 1) ++count;
        }
    }
}
