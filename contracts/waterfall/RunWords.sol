// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";

/// @title Where the parts of a run's result stand.
library RunWords {
    using MemoryWords for uint256;

    /// @notice Indexes into the words of a result.
    struct Layout {
        uint256 classes;
        uint256 lanes;
        uint256 results;
        uint256 payees;
        uint256 extras;
        uint256 length;
    }

    /// @notice The layout that the terms give a result with as many step records as its header says.
    /// @param terms Memory position of the header of the terms.
    /// @param extras How many inputs the run had beside its report.
    function layout(
        uint256[] memory words,
        uint256 terms,
        uint256 extras
    ) internal pure returns (Layout memory parts) {
        uint256 steps = words.length == 0 ? 0 : uint8(words[0] >> 208);
        unchecked {
            uint256 classes = (terms + 1).u8();
            parts.classes = 1 + steps;
            parts.lanes = parts.classes + classes;
            parts.results = parts.lanes + (terms + 91).u8();
            parts.payees = parts.results + classes;
            parts.extras = parts.payees + (((terms + 4).u8() + 3) >> 2);
            parts.length = parts.extras + extras;
        }
    }
}
