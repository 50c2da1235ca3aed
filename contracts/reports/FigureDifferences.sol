// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";

/// @notice What is to be added to figures, two of them a word: `pairs[i]` is that of figure i plus 2^128 times that of the next.
///  A pair that is zero is not written.
struct KeptDifferences {
    mapping(uint256 figure => int256) pairs;
}

using FigureDifferences for KeptDifferences global;

/// @title Keeps differences of figures.
/// @notice Memory has one entry per figure. The figures before available funds are balances in every deal: nothing is kept of them.
/// @dev 128 bits are enough for each. Figures are int64, so one restatement changes a figure by less than 2^64; a deal
///  has fewer than 2^16 periods, each with fewer than 2^16 versions, so any sum is below 2^96.
library FigureDifferences {
    uint256 private constant FIRST = DealTerms.AVAILABLE_FUNDS;

    /// @notice Keeps differences where none are kept.
    function put(KeptDifferences storage kept, int256[] memory differences) internal {
        for (uint256 i = FIRST; i < differences.length; i += 2) {
            int256 pair = differences[i];
            if (i + 1 < differences.length) pair += differences[i + 1] << 128;
            if (pair != 0) kept.pairs[i] = pair;
        }
    }

    /// @notice Adds what is kept to `differences`.
    function addTo(KeptDifferences storage kept, int256[] memory differences) internal view {
        for (uint256 i = FIRST; i < differences.length; i += 2) {
            int256 pair = kept.pairs[i];
            if (pair == 0) continue;
            int256 first = int128(pair);
            differences[i] += first;
            if (pair != first) differences[i + 1] += (pair - first) >> 128;
        }
    }

    /// @notice Forgets what is kept; `figures` is how many the deal has.
    function clear(KeptDifferences storage kept, uint256 figures) internal {
        for (uint256 i = FIRST; i < figures; i += 2) delete kept.pairs[i];
    }
}
