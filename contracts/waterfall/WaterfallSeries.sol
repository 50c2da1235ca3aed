// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";

/// @title Values of the periods before, in rings of lanes.
/// @notice A series of depth d keeps its last d values; the value of period i lies in slot i mod d.
library WaterfallSeries {
    using MemoryWords for uint256;

    /// @notice The value of `series`, `ago` periods ago; 0 where there is none.
    function valueAt(
        Books memory books,
        uint256 series,
        uint256 ago
    ) internal pure returns (int256) {
        unchecked {
            (uint256 first, uint256 depth, uint256 last) = _ring(books, series);
            if (ago >= books.period) return 0;
            uint256 period = books.period - ago;
            if (period > last || period + depth <= last) return 0;
            return _slot(first, period % depth);
        }
    }

    /// @notice The last `count` values, fewer when there are fewer: their sum, the largest (0 when
    /// there is none), and how many they are.
    function lookBack(
        Books memory books,
        uint256 series,
        uint256 count
    ) internal pure returns (int256 sum, int256 largest, uint256 found) {
        unchecked {
            (uint256 first, uint256 depth, uint256 last) = _ring(books, series);
            found = count < depth ? count : depth;
            if (found > last) found = last;
            for (uint256 i = 0; i < found; ++i) {
                int256 value = _slot(first, (last - i) % depth);
                sum += value;
                if (i == 0 || value > largest) largest = value;
            }
        }
    }

    /// @notice Keeps `value`, of 64 bits, as this period's.
    function record(Books memory books, uint256 series, uint256 value) internal pure {
        unchecked {
            (uint256 first, uint256 depth, ) = _ring(books, series);
            (first + ((books.period % depth) << 5)).put(value);
        }
    }

    /// @dev Position of the first slot, number of slots (never 0 in terms that were checked) and the
    /// last period that is recorded.
    function _ring(
        Books memory books,
        uint256 series
    ) private pure returns (uint256 first, uint256 depth, uint256 last) {
        unchecked {
            uint256 entry = books.terms + (books.terms + 80).u16() + (series << 4);
            depth = (entry + 2).u8();
            first = books.accounts + ((entry + 4).u8() << 5);
            last = series < books.recorded ? books.period : books.period - 1;
        }
    }

    function _slot(uint256 first, uint256 index) private pure returns (int256) {
        unchecked {
            return int64(uint64((first + (index << 5)).word()));
        }
    }
}
