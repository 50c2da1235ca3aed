// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {Run} from "../waterfall/WaterfallBooks.sol";
import {WaterfallEngine} from "../waterfall/WaterfallEngine.sol";

/// @title Runs the engine over a state that the caller makes up. For tests only.
contract EngineHarness {
    /// @notice Everything a run starts from, in plain arrays.
    struct Given {
        address code;
        uint64 dealId;
        uint16 period;
        uint8 phase;
        uint256[] classWords;
        uint256[] laneWords;
        int256[] figures;
    }

    /// @notice Runs the period and returns the words with the engine's own gas.
    function run(Given memory given) public view returns (uint256[] memory words, uint256 gasUsed) {
        Run memory r;
        (r.terms, r.row) = DealTerms.copyForRun(given.code, given.period);
        (r.dealId, r.period, r.phase) = (given.dealId, given.period, given.phase);
        (r.classWords, r.laneWords, r.figures) = (given.classWords, given.laneWords, given.figures);
        uint256 before = gasleft();
        (words, ) = WaterfallEngine.run(r);
        gasUsed = before - gasleft();
    }
}
