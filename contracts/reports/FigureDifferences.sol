// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is to be added to figures: only of those that change, because every word read costs a run 2,100 gas.
/// @param words two lanes each, figure u8 | difference i112, from the lowest bit; bit 255: another word follows
struct KeptDifferences {
    mapping(uint256 place => uint256) words;
}

using FigureDifferences for KeptDifferences global;

/// @title Keeps differences of figures. In memory there is one per figure.
/// @dev 112 bits are enough for each. Figures are int64, so one restatement changes a figure by less than 2^64; a deal
///  has fewer than 2^16 periods, each with fewer than 2^16 versions, so any sum is below 2^96. Deals have at most 255 figures.
library FigureDifferences {
    uint256 private constant LANE = 120;
    uint256 private constant MORE = 1 << 255;

    /// @notice Keeps differences where none are kept.
    function put(KeptDifferences storage kept, int256[] memory differences) internal {
        uint256 word = 0;
        uint256 lanes = 0;
        for (uint256 i = 0; i < differences.length; ++i) {
            if (differences[i] == 0) continue;
            if (lanes != 0 && lanes % 2 == 0) {
                kept.words[lanes / 2 - 1] = word | MORE;
                word = 0;
            }
            uint256 lane = (uint256(uint112(int112(differences[i]))) << 8) | i;
            word |= lane << ((lanes % 2) * LANE);
            ++lanes;
        }
        if (lanes != 0) kept.words[(lanes - 1) / 2] = word;
    }

    /// @notice Adds what is kept to `differences`.
    function addTo(KeptDifferences storage kept, int256[] memory differences) internal view {
        uint256 place = 0;
        uint256 word;
        do {
            word = kept.words[place];
            _add(differences, word);
            _add(differences, word >> LANE);
            unchecked {
                ++place;
            }
        } while (word & MORE != 0);
    }

    /// @notice Forgets what is kept.
    function clear(KeptDifferences storage kept) internal {
        uint256 place = 0;
        uint256 word;
        do {
            word = kept.words[place];
            delete kept.words[place];
            unchecked {
                ++place;
            }
        } while (word & MORE != 0);
    }

    /// @dev A lane that is empty adds nothing to figure 0.
    function _add(int256[] memory differences, uint256 lane) private pure {
        unchecked {
            differences[uint8(lane)] += int112(uint112(lane >> 8));
        }
    }
}
